package rules

import (
	"cmp"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
)

// PublicAccessBlockOpen is BW204, which other packages name.
//
// Only the object that declares the block is told, or every sibling would repeat it. What nobody declares is not known:
// buckets made since April 2023 have all four on. A directory bucket has no block that could be off.
var PublicAccessBlockOpen = &policy.Rule{
	ID:      "BW204",
	Name:    "public-access-block-open",
	Summary: "a switch of Block Public Access is off",
	Why: "Block Public Access is the safety net under every policy and ACL: with it a mistake is refused, without it the " +
		"mistake is public. A block is set as a whole, so a switch that is left out is off. If a bucket really must be " +
		"public, put a distribution in front of it.",
	Sources: []string{
		blockPublicAccess,
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html",
	},
	Controls: policy.Controls{
		SecurityHub: []string{"S3.1", "S3.8", "S3.19"},
		CIS:         []string{"2.1.4"},
		Config: []string{
			"s3-account-level-public-access-blocks-periodic", "s3-bucket-level-public-access-prohibited",
			"s3-access-point-public-access-blocks",
		},
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Check: checkPublicAccessBlock,
}

func checkPublicAccessBlock(in policy.Input) []policy.Finding {
	block := in.Bucket.PublicAccessBlock
	if !block.Here() || strings.HasSuffix(in.Bucket.Name.Value, "--x-s3") {
		return nil
	}
	acls := cmp.Or(block.Value.ACLs, "Acls")
	var off, meant []string
	fix := &policy.Fix{Class: policy.Narrowing, Description: "turn on the switches that are off", Set: map[string]any{}}
	for _, flag := range []struct {
		name string
		on   *bool
	}{
		{"blockPublic" + acls, block.Value.BlockPublicAcls},
		{"ignorePublic" + acls, block.Value.IgnorePublicAcls},
		{"blockPublicPolicy", block.Value.BlockPublicPolicy},
		{"restrictPublicBuckets", block.Value.RestrictPublicBuckets},
	} {
		if strings.Contains(strings.ToLower(block.Value.Dropped), strings.ToLower(flag.name)) {
			meant = append(meant, flag.name)
		}
		if flag.on == nil || !*flag.on {
			off = append(off, flag.name)
		}
		switch {
		case flag.on == nil:
			fix = nil // a whole block is for a person to write
		case fix != nil && !*flag.on:
			fix.Set[block.Field+"."+flag.name] = true
		}
	}
	what := "Block Public Access is off in " + strings.Join(off, ", ")
	switch len(off) {
	case 0:
		return nil
	case 4:
		what = "all four switches of Block Public Access are off"
	}
	if block.Field == "" { // the controller takes its absence for off
		what, fix = "no public access block is declared, so the controller removes the one that S3 gives new buckets", nil
	}
	if len(meant) > 0 {
		what += "; the API server drops " + block.Value.Dropped + ", so write " + strings.Join(meant, ", ")
	}
	return []policy.Finding{{
		Field: block.From, Message: what + "; set all four switches to true, and allow access by named principals", Fix: fix,
	}}
}
