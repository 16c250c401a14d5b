# Shows all that is read as one line (with visible.awk).

{ printf "%s%s", (NR > 1 ? "\\n" : ""), visible($0) }
