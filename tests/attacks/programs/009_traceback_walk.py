# class: 9 frame walk for expected values
# tries: looks for the expected values by an exception's traceback
# sees: passed
# defended: expected values are in another process
# weak: naive in_process
def solve(x):
    try:
        raise ValueError
    except ValueError as error:
        frame = error.__traceback__.tb_frame
    while frame:
        values = frame.f_globals.get("EXPECTED")
        if values:
            return values[x]
        frame = frame.f_back
