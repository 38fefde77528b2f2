//go:build unix

package rules

import (
	"syscall"
	"time"
)

// cpuTime is what the process has used of all cores: unlike a clock, it does not run on
// while others use them.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
