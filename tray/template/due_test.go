package template

import "testing"

func TestParseDue(t *testing.T) {
	for in, want := range map[string]string{
		"1s": "1s", "60s": "1m", "90s": "1m30s", "72h": "3d", "3d12h": "3d12h", "36h": "1d12h", "1d0h": "1d", "0d5m": "5m",
		"01d": "1d", "1h60m": "2h", "3660d": "3660d", "87840h": "3660d", "86399s": "23h59m59s",
	} {
		if got, err := parseDue(in); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", " ", "3", "d", "3 d", "3d ", " 3d", "3D", "-3d", "+3d", "3.5d", "1e1d", "3d3d", "12h3d", "3w", "3d12", "0s", "0d", "0d0h0m0s", "3661d",
		"3660d1s", "999999999d", "9999999999d", "٣d", "3d\n", "P3D", "72h0m0.5s",
	} {
		if got, err := parseDue(in); err == nil {
			t.Errorf("%q is taken for %q", in, got)
		}
	}
}

func FuzzDue(f *testing.F) {
	for _, s := range []string{"3d12h", "72h", "1s", "0s", "d", "999999999d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		due, err := parseDue(s)
		if err != nil {
			return
		}
		if again, err := parseDue(due); err != nil || again != due {
			t.Errorf("%q is %q, and that is %q, %v", s, due, again, err)
		}
	})
}
