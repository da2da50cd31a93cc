# class: 42 environment and mounted secrets
# tries: prints its environment
# sees: leak
# defended: an environment of its own
# weak: env
say(dict(os.environ))
