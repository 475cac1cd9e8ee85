package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// What is measured is the review of objects that are admitted, of the sizes that the table names, and the same for all arms.
func TestBucket(t *testing.T) {
	for statements, size := range map[int]int{cluster.Statements2KB: 2000, cluster.Statements20KB: 20_000} {
		for _, namespace := range []string{"load-none", "load-noop", "load-bucketwarden"} {
			obj := bucket(namespace, "dry-run", most, statements)
			v, ok, err := review.Reviewer{Rules: rules.All, Level: policy.Baseline}.Object(t.Context(), obj.Object, &inventory.Index{})
			if !ok || err != nil || v.Verdict() == review.Deny || v.Verdict() == review.Patch {
				t.Errorf("%s, %d statements: %s %v %v", namespace, statements, v.Verdict(), ok, err)
			}
			text, _, _ := unstructured.NestedString(obj.Object, "spec", "policy")
			if n := len(text); n < size*95/100 || n > size*115/100 {
				t.Errorf("%s, %d statements are %d bytes", namespace, statements, n)
			}
		}
	}
}

func TestReport(t *testing.T) {
	var arms []*arm
	for _, name := range []string{"none", "noop", "bucketwarden"} {
		a := &arm{Name: name}
		for _, o := range operations {
			m := &op{Name: o.name, elapsed: time.Second, used: 100 * time.Millisecond}
			for i := range 100 {
				m.took = append(m.took, time.Duration(100-i)*time.Millisecond)
			}
			m.finish()
			a.Operations = append(a.Operations, m)
		}
		arms = append(arms, a)
	}
	if m := arms[0].Operations[0]; m.P50 != 51 || m.P99 != 100 || m.Throughput != 100 || m.CPU != 1 {
		t.Errorf("%+v", m)
	}
	var table strings.Builder
	print(&table, arms)
	rows := len(arms) * len(operations)
	if n := strings.Count(table.String(), "\n"); n != 2+rows+1+2 {
		t.Errorf("%d lines:\n%s", n, &table)
	}
	if n := strings.Count(table.String(), "|"); n != (2+rows)*9+2*6 {
		t.Errorf("%d edges of cells:\n%s", n, &table)
	}
	bars := 0
	for picture := xml.NewDecoder(strings.NewReader(draw(arms))); ; {
		token, err := picture.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "rect" {
			bars++
		}
	}
	if bars != 1+2*len(arms)*len(operations) {
		t.Errorf("%d bars", bars)
	}
}
