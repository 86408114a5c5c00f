print("mink-workflow")
