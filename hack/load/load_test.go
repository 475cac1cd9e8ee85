package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

func TestProcess(t *testing.T) {
	before, err := cpu(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for now := before; now < before+2*tick; {
		if now, err = cpu(os.Getpid()); err != nil {
			t.Fatal(err)
		}
	}
	if now, most, err := memory(os.Getpid()); now == 0 || most < now || err != nil {
		t.Errorf("memory: %d, at the most %d, %v", now, most, err)
	}
}

// What is measured is the review of objects that are let in, of 2 KB.
func TestBucket(t *testing.T) {
	obj := bucket("load-none", "bucket", 1)
	v, ok, err := review.Reviewer{Rules: rules.All, Level: policy.Baseline}.Object(obj.Object, &inventory.Index{})
	if !ok || err != nil || v.Verdict() == review.Deny || v.Verdict() == review.Patch {
		t.Errorf("%s %v %v", v.Verdict(), ok, err)
	}
	if n := len(document("load-none-bucket-1")); n < 1900 || n > 2300 {
		t.Errorf("%d bytes", n)
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
	if n := strings.Count(table.String(), "\n"); n != 12 {
		t.Errorf("%d lines:\n%s", n, &table)
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
