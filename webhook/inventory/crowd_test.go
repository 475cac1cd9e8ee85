package inventory

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// crowds are the ways in which many objects can be about one bucket, "logs", each as what makes the i-th of them.
var crowds = map[string]func(i int) m{
	"policies by name": func(i int) m { return object(upboundPolicy, fmt.Sprint(i), in(m{"bucket": "logs"})) },
	"policies by reference": func(i int) m {
		return object(upboundPolicy, fmt.Sprint(i), in(m{"bucketRef": m{"name": "logs"}}))
	},
	"policies by selector": func(i int) m {
		return object(upboundPolicy, fmt.Sprint(i), in(m{"bucketSelector": m{"matchLabels": m{"for": "logs"}, "policy": m{"resolve": "Always"}}}))
	},
	"Buckets of one name": func(i int) m { return ofLogs(object(upboundBucket, fmt.Sprint(i), in(m{}))) },
	"Buckets and references": func(i int) m {
		if i%2 == 0 {
			return ofLogs(object(upboundBucket, fmt.Sprint(i), in(m{})))
		}
		return object(upboundPolicy, fmt.Sprint(i), in(m{"bucketRef": m{"name": fmt.Sprint(i - 1)}}))
	},
	"Buckets and selectors of all": func(i int) m {
		if i%2 == 0 {
			return labelled(ofLogs(object(upboundBucket, fmt.Sprint(i), in(m{}))), m{"for": "logs"})
		}
		return object(upboundPolicy, fmt.Sprint(i), in(m{"bucketSelector": m{"matchLabels": m{"for": "logs"}}}))
	},
	"Buckets and selectors of none": func(i int) m {
		if i%2 == 0 {
			return labelled(ofLogs(object(upboundBucket, fmt.Sprint(i), in(m{}))), m{"for": "logs"})
		}
		return object(upboundPolicy, fmt.Sprint(i), in(m{
			"bucket": "logs", "bucketSelector": m{"matchLabels": m{"for": "logs"}, "matchControllerRef": true, "policy": m{"resolve": "Always"}},
		}))
	},
}

// in is a spec that says what each of a crowd says.
func in(fields m) m {
	fields["region"] = "eu-central-1"
	return m{"forProvider": fields}
}

func ofLogs(obj m) m {
	obj["metadata"].(m)["annotations"] = m{"crossplane.io/external-name": "logs"}
	return obj
}

// crowd returns an index of so many objects about one bucket, and how many reviews it asked for meanwhile.
func crowd(make func(i int) m, objects int) (*Index, int) {
	x, told := &Index{}, 0
	x.Notify(func(keys []Key) { told += len(keys) })
	x.Set(labelled(object(upboundBucket, "logs", in(m{})), m{"for": "logs"}))
	for i := range objects {
		x.Set(make(i))
	}
	return x, told
}

// TestCrowd holds a look at the objects about one bucket to each of them once or twice, and a change to few reviews, however
// many there are.
func TestCrowd(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	const objects = 1500
	for name, make := range crowds {
		x, told := crowd(make, objects)
		if most := 4 * objects; told > most {
			t.Errorf("%s: %d reviews for %d changes, want %d at most", name, told, objects, most)
		}
		obj := make(1)
		r, _, err := source.Read(obj)
		if err != nil {
			t.Fatal(err)
		}
		look, visited := x.look(), 0
		bucketName, bucketObject := look.bucketOf(probe(obj, r))
		for list := range look.lists(bucket{bucketName, bucketObject}) {
			visited += len(list)
		}
		if visited > 2*objects+10 {
			t.Errorf("%s: %d objects are looked at, of %d", name, visited, objects)
		}
		if look.siblings(probe(obj, r)); len(look.chosen) > 2 {
			t.Errorf("%s: %d searches for one selector", name, len(look.chosen))
		}
	}
}

// BenchmarkCrowd is 3,000 objects about one bucket: to remember them all, and what is known of the bucket of one.
func BenchmarkCrowd(b *testing.B) {
	for _, name := range slices.Sorted(maps.Keys(crowds)) {
		b.Run("set/"+name, func(b *testing.B) {
			for b.Loop() {
				crowd(crowds[name], 3000)
			}
		})
		b.Run("bucket/"+name, func(b *testing.B) {
			x, _ := crowd(crowds[name], 3000)
			obj := crowds[name](1)
			r, _, _ := source.Read(obj)
			for b.Loop() {
				x.Bucket(obj, r)
			}
		})
	}
}
