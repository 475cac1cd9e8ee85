package cluster

import (
	"os"
	"testing"
)

func TestProcess(t *testing.T) {
	before, err := CPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for now := before; now < before+2*Tick; {
		if now, err = CPU(os.Getpid()); err != nil {
			t.Fatal(err)
		}
	}
	if now, most, err := Memory(os.Getpid()); now == 0 || most < now || err != nil {
		t.Errorf("memory: %d, at the most %d, %v", now, most, err)
	}
}
