# Branch coverage by room from Cobertura files, one after the other. A line that several test programs reach counts as the one that reaches most.
/<class / { match($0, /filename="[^"]*"/); file = substr($0, RSTART + 10, RLENGTH - 11) }
/branch="True"/ {
  match($0, /number="[0-9]+"/); key = file ":" substr($0, RSTART + 8, RLENGTH - 9)
  match($0, /\([0-9]+\/[0-9]+\)/); split(substr($0, RSTART + 1, RLENGTH - 2), of, "/")
  if (of[1] > taken[key]) taken[key] = of[1]
  if (of[2] > branches[key]) branches[key] = of[2]
}
END {
  count = split("src/Engram/Files src/Engram/Training src/Engram.Data", rooms, " ")
  for (i = 1; i <= count; i++) {
    hit = all = 0
    for (key in branches) if (index(key, rooms[i] "/")) { hit += taken[key]; all += branches[key] }
    text = text sprintf("%s%s %.1f%% (%d of %d)", i > 1 ? ", " : "", rooms[i], all ? 100 * hit / all : 0, hit, all)
  }
  print "branch coverage: " text
}
