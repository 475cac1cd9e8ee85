package certs

import (
	"fmt"
	"time"
)

// Options says where everything is and how long it lasts.
type Options struct {
	Namespace     string        // of the Secret and the Services
	Secret        string        // holds the authority; made when it is missing
	Services      []string      // by which the API server calls
	Configuration string        // name of both webhook configurations
	CADuration    time.Duration // at least a minute
	LeafDuration  time.Duration // at least six seconds, at most CADuration
}

// check keeps away what cannot work: the authority is looked at every ten seconds, so that the third of its life in which
// it is replaced has to be longer, and certificates count in seconds.
func (o Options) check() error {
	switch {
	case o.CADuration < time.Minute:
		return fmt.Errorf("a CA that is valid for %s would expire before it is replaced; use at least a minute", o.CADuration)
	case o.LeafDuration < 6*time.Second || o.LeafDuration > o.CADuration:
		return fmt.Errorf("a certificate cannot be valid for %s; use between 6s and its CA's %s", o.LeafDuration, o.CADuration)
	}
	return nil
}

// settle is how long an API server may take to notice a caBundle, or its clock be behind. It has to fit into the last third
// of a certificate's life, in which it is replaced, and into that of an authority, of which ten seconds may be gone.
func (o Options) settle() time.Duration {
	return min(10*time.Second, o.CADuration/20, o.LeafDuration/6)
}

// lifetime is how long an authority is kept after the next newer one was made: as long as what it signed last. Until a
// replica has heard of the new one, a minute at most by default, it still signs with the old.
func (o Options) lifetime() time.Duration { return o.LeafDuration + 6*o.settle() }
