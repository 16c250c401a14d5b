"""Real servers and processes that tests are run against."""
