"""`python -m tests.storm`."""

import sys

from tests.storm.storm import main

sys.exit(main())
