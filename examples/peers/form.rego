package form

holds contains 0 if regex.match(`^[A-Z]{2}[0-9]{3,11}$`, input.one.f0)

holds contains 1 if {
	input.one.f1 >= 1
	input.one.f1 <= 100
}

holds contains 2 if input.one.f2
holds contains 2 if input.two.f2

holds contains 3 if {
	count(input.one.f3) > 3
	startswith(input.one.f3, "IT")
}

holds contains 4 if input.one.f4 + input.two.f4 < input.three.f4 * 100

holds contains 5 if not input.one.f5
holds contains 5 if input.one.f6

holds contains 6 if input.two.f0 in {"IT", "FR", "DE", "value0"}

holds contains 7 if input.two.f1 * 2 > input.one.f1

holds contains 8 if regex.match(`^[a-zA-Z0-9 .-]*$`, input.two.f3)

holds contains 9 if input.two.f6 != input.two.f9

holds contains 10 if {
	input.two.f7 > 0
	input.two.f8
}

holds contains 10 if {
	input.two.f7 <= 0
	input.one.f8
}

holds contains 11 if {
	endswith(input.three.f0, "0")
	contains(input.three.f3, "a")
}

holds contains 12 if input.three.f1 % 2 == 1
holds contains 12 if input.three.f4 > 3

holds contains 13 if input.three.f5

holds contains 14 if count(input.three.f6) + count(input.three.f9) < 60

holds contains 15 if input.three.f7 >= input.one.f7 - input.two.f7

holds contains 16 if regex.match(`^value[0-9]+$`, input.one.f9)

holds contains 17 if {
	input.one.f1 > 3
	input.two.f1 > 3
}

holds contains 17 if input.three.f1 > 3

holds contains 18 if input.one.f0 != input.two.f0
holds contains 18 if input.two.f0 != input.three.f0

holds contains 19 if {
	input.three.f8
	input.one.f2
}

holds contains 19 if {
	input.three.f8
	input.two.f5
}
