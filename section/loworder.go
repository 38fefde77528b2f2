package section

// lowOrder reports whether text is an X25519 recipient to which nothing can be
// encrypted, because multiplying its point gives zero for whatever scalar
// (RFC 7748, section 6.1). A list tells it at once; trying takes two
// multiplications.
//
// The list is complete. The curve's group has eight points of small order and
// that of its twist four; without the two neutral elements, which no coordinate
// stands for, and since a coordinate stands for a point and its negative, they
// are 0, which is on both, 1 and two more on the curve, and -1 on the twist.
// Modulo 2^255-19, the coordinates 0 and 1 have a second spelling, and each of
// the seven has one with the highest bit set, which X25519 ignores.
func lowOrder(text string) bool {
	switch text {
	case "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z", // 0
		"age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzqqsuwj9m",
		"age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya", // 1
		"age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzqqk67yly",
		"age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9", // of order eight
		"age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhzqqxqejhu",
		"age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz9ts6wm9s8", // of order eight
		"age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz8ts72fzt7",
		"age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m", // -1
		"age1anllllllllllllllllllllllllllllllllllllllllllllllllls3hcv9z",
		"age1ahlllllllllllllllllllllllllllllllllllllllllllllllalsn46ayy", // 0 + 2^255-19
		"age1ahlllllllllllllllllllllllllllllllllllllllllllllllllsh3g6la",
		"age1amlllllllllllllllllllllllllllllllllllllllllllllllalselrwrv", // 1 + 2^255-19
		"age1amlllllllllllllllllllllllllllllllllllllllllllllllllsam3fc4":
		return true
	}
	return false
}
