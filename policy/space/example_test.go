package space_test

import (
	"fmt"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// The worked example of the package's page: two statements cover a third one together, and neither does alone.
func Example() {
	old, _ := iam.Parse(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/app/*"},
		{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::logs/app/*"}]}`)
	new, _ := iam.Parse(`{"Version": "2012-10-17", "Statement":
		{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}}`)

	v := space.NewAccess(old, new, space.Steps(space.AdmissionBudget))
	fmt.Println("a request that new allows and old does not:", v.Answer)
	fmt.Println("certificates, one for each kind of callers that the documents tell apart:", len(v.Proofs))
	for _, c := range v.Proofs[:1] {
		fmt.Println("proof for", c.Subject)
		tree(c.Proof, 1)
		fmt.Println("checked by other means:", c.Check(space.Steps(space.AdmissionBudget)) == nil)
	}
	// The other way round there is one, and it is shown.
	fmt.Println(space.NewAccess(new, old, space.Steps(space.AdmissionBudget)).Witness)
	// Output:
	// a request that new allows and old does not: none
	// certificates, one for each kind of callers that the documents tell apart: 3
	// proof for Statement[0]
	//   covered by box 3
	//     outside its facet 1:
	//       covered by box 5
	//         outside its facet 1:
	//           covered by box 6
	// checked by other means: true
	// anonymous s3:GetObject on arn:aws:s3:::xx/xx
}

// tree prints a proof: under a covering box, what lies outside of each of its facets and has to be covered by another.
func tree(p *space.Proof, depth int) {
	fmt.Printf("%scovered by box %d\n", strings.Repeat("  ", depth), p.Cover)
	for i, b := range p.Branches {
		if b != nil {
			fmt.Printf("%soutside its facet %d:\n", strings.Repeat("  ", depth+1), i)
			tree(b, depth+2)
		}
	}
}
