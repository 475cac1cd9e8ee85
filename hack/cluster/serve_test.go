package cluster

import "testing"

// A server that gets one port twice cannot start.
func TestFreePorts(t *testing.T) {
	ports, err := FreePorts(500)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for _, p := range ports {
		if seen[p] {
			t.Errorf("port %d twice", p)
		}
		seen[p] = true
	}
	if len(seen) != 500 {
		t.Errorf("%d ports, want 500", len(seen))
	}
}
