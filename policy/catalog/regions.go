package catalog

import (
	"slices"
	"strings"
)

// Regions returns the regions of AWS, in alphabetical order. AWS opens new ones, which LooksLikeRegion takes for some.
//
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
func Regions() []string { return slices.Clone(regions) }

var regions = []string{
	"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
	"ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1",
	"eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "eusc-de-east-1", "il-central-1", "me-central-1", "me-south-1",
	"mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
}

// LooksLikeRegion reports whether a text is a region, or is one but for its number: AWS numbers the regions of a place, and may have
// opened one since.
func LooksLikeRegion(s string) bool {
	place, number, ok := cutLast(s)
	return ok && len(number) == 1 && number >= "1" && number <= "9" && slices.ContainsFunc(regions, func(r string) bool {
		known, _, _ := cutLast(r)
		return known == place
	})
}

func cutLast(region string) (place, number string, ok bool) {
	i := strings.LastIndexByte(region, '-')
	if i < 0 {
		return region, "", false
	}
	return region[:i], region[i+1:], true
}
