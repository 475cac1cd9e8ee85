package catalog

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// Neighbour is a service beside S3 whose resources have policies of their own, with its own actions and ARNs: Object Lambda,
// S3 on Outposts, S3 Tables, S3 Vectors. Its actions are not among Actions.
type Neighbour struct {
	Prefix string   // of its actions, and the service in its ARNs: "s3vectors"
	ARNs   []string // of its resources: "arn:${Partition}:s3vectors:${Region}:${Account}:bucket/${BucketName}"

	actions map[Level][]string // as AWS spells them, each list in alphabetical order
}

// neighbourNames are what people call them, and what their policies are attached to.
var neighbourNames = map[string]string{
	"s3-object-lambda": "S3 Object Lambda", "s3-outposts": "S3 on Outposts", "s3tables": "S3 Tables", "s3vectors": "S3 Vectors",
}

// Name is what people call the service: "S3 Vectors".
func (n Neighbour) Name() string { return neighbourNames[n.Prefix] }

// Signed reports whether AWS documents that the service answers nobody who has not signed in, so that a public policy lets in
// every AWS account and nobody else.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-security.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-access-management.html
func (n Neighbour) Signed() bool { return n.Prefix == "s3-object-lambda" || n.Prefix == "s3vectors" }

// Actions yields the full names of its actions of some levels, of all without any, in alphabetical order for each level.
func (n Neighbour) Actions(levels ...Level) iter.Seq[string] {
	if len(levels) == 0 {
		levels = slices.Sorted(maps.Keys(n.actions))
	}
	return func(yield func(string) bool) {
		for _, level := range levels {
			for _, name := range n.actions[level] {
				if !yield(name) {
					return
				}
			}
		}
	}
}

// Spelled returns the name of an action as AWS spells it, and other texts as they are.
func (n Neighbour) Spelled(action string) string {
	for name := range n.Actions() {
		if strings.EqualFold(name, action) {
			return name
		}
	}
	return action
}

// Neighbours yields all of them by their prefixes in alphabetical order.
func Neighbours() iter.Seq[Neighbour] { return slices.Values(neighbourTable[:]) }

// LookupNeighbour finds one by the prefix of its actions, in lower case.
func LookupNeighbour(prefix string) (Neighbour, bool) {
	i := slices.IndexFunc(neighbourTable[:], func(n Neighbour) bool { return n.Prefix == prefix })
	if i < 0 {
		return Neighbour{}, false
	}
	return neighbourTable[i], true
}
