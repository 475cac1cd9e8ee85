package catalog

import "testing"

func TestResourcesString(t *testing.T) {
	for _, tt := range []struct {
		in   Resources
		want string
	}{
		{0, "*"},
		{Bucket, "bucket"},
		{Object | Bucket, "bucket, object"},
		{DirectoryBucket, "s3express:bucket"},
		{MultiRegionAccessPointRequest, "multiregionaccesspointrequestarn"},
	} {
		if got := tt.in.String(); got != tt.want {
			t.Errorf("%b: %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestResourceTypes(t *testing.T) {
	bit := Resources(1)
	for r := range ResourceTypes() {
		if r.Resource != bit {
			t.Errorf("%s: bit %b, want %b", r.Name, r.Resource, bit)
		}
		bit <<= 1
	}
	if bit != DirectoryBucket<<1 {
		t.Errorf("the last bit is %b", bit>>1)
	}
	for _, tt := range []struct {
		in   Resources
		want string
	}{
		{Bucket, "arn:${Partition}:s3:::${BucketName}"},
		{Object, "arn:${Partition}:s3:::${BucketName}/${ObjectName}"},
		{AccessPoint, "arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}"},
		{DirectoryBucket, "arn:${Partition}:s3express:${Region}:${Account}:bucket/${BucketName}"},
	} {
		if got := tt.in.Type().ARN; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestResourceTypeSupports(t *testing.T) {
	for _, tt := range []struct {
		in   Resources
		key  string
		want bool
	}{
		{Bucket, "s3:BucketTag/team", true},
		{Bucket, "s3:DataAccessPointArn", false},
		{AccessPoint, "s3:DataAccessPointArn", true},
		{Bucket, "aws:SourceIp", true},
		{Bucket, "s3:nothing", false},
	} {
		if got := tt.in.Type().Supports(tt.key); got != tt.want {
			t.Errorf("%s supports %s: %v, want %v", tt.in, tt.key, got, tt.want)
		}
	}
}
