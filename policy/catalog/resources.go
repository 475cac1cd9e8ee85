package catalog

import (
	"iter"
	"math/bits"
	"slices"
	"strings"
)

// Resources is a set of resource types.
type Resources uint16

// The resource types of S3, then those of S3 Express One Zone.
const (
	AccessGrant Resources = 1 << iota
	AccessGrantsInstance
	AccessGrantsLocation
	AccessPoint
	AccessPointObject
	Bucket
	Job
	MultiRegionAccessPoint
	MultiRegionAccessPointRequest
	Object
	ObjectLambdaAccessPoint
	StorageLensConfiguration
	StorageLensGroup
	DirectoryAccessPoint
	DirectoryBucket
)

// String lists the types as IAM's tables name them, "object, accesspointobject", and those of directory buckets
// with their prefix, "s3express:bucket". Without any it is "*", the only Resource such an action takes.
func (r Resources) String() string {
	if r == 0 {
		return "*"
	}
	var names []string
	for t := range ResourceTypes() {
		if r&t.Resource != 0 {
			names = append(names, t.Name)
		}
	}
	return strings.Join(names, ", ")
}

// ResourceType is one resource type.
type ResourceType struct {
	Name     string    // "bucket"; "s3express:bucket"
	Resource Resources // its one bit
	ARN      string    // "arn:${Partition}:s3:::${BucketName}"
	keys     uint8     // index into keySets
}

// Supports reports whether requests for resources of the type can carry the condition key whatever the action.
func (t ResourceType) Supports(key string) bool {
	i, ok := findKey(key)
	return ok && keySets[t.keys].has(i)
}

// ResourceTypes yields every resource type in the order of its bit.
func ResourceTypes() iter.Seq[ResourceType] { return slices.Values(resourceTable[:]) }

// Type returns the resource type of the lowest bit of r. r has at least one known bit.
func (r Resources) Type() ResourceType { return resourceTable[bits.TrailingZeros16(uint16(r))] }
