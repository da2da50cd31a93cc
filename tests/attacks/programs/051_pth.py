# class: 51 overwrites harness, stdlib, .pth
# tries: leaves a .pth file, which every Python runs
# sees: marker
# defended: /usr is read-only
# weak: usr-rw
folder = f"/usr/local/lib/python3.{sys.version_info.minor}/dist-packages"
os.makedirs(folder, exist_ok=True)
with open(folder + "/evil.pth", "w") as file:
    file.write("import os\n")
