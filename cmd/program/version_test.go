package program

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	if got := NewBuild("", "", nil); got.Version != "unknown" || got.Go == "" {
		t.Errorf("got %+v", got)
	}
	v := NewBuild("", "", &debug.BuildInfo{
		GoVersion: "go1.26.0", Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}, {Key: "GOOS", Value: "linux"}, {Key: "GOARCH", Value: "arm64"},
		},
	})
	if got, want := v.line("bucketwarden"), "bucketwarden v1.2.3 abc (modified) go1.26.0 linux/arm64"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
