"""How hard the property tests search. Deadlines are off: the machine is shared."""

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "core", deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow]
)
# For `make mutants`: the same examples each time, so that a mutant is killed by what it does and
# not by luck; and the first failure is enough, so that nothing is spent on making it smaller.
settings.register_profile(
    "mutants",
    settings.get_profile("core"),
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("core")
