package certs

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBundle(t *testing.T) {
	const hour, year = time.Hour, 8760 * time.Hour
	const lifetime = 3 * hour
	first := newAuthority(t, "first", 0, year)
	second := newAuthority(t, "second", 10*hour, year)
	third := newAuthority(t, "third", 11*hour, year)
	brief := newAuthority(t, "brief", 9*hour, 12*hour)
	twin := newAuthority(t, "twin", 10*hour, year)
	leaf := first.leaf(t, 0, year).Leaf
	const rubbish = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	const key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
	tests := map[string]struct {
		now      time.Duration
		current  maker
		existing string
		want     string // in letters: first, second, ...
	}{
		"nothing before":                  {0, first, "", "f"},
		"as it is":                        {hour, first, encode(t, first.Certificate), "f"},
		"the new one comes first":         {10 * hour, second, encode(t, first.Certificate), "sf"},
		"kept to the last moment":         {10*hour + lifetime, second, encode(t, second.Certificate, first.Certificate), "sf"},
		"gone after it":                   {10*hour + lifetime + 1, second, encode(t, second.Certificate, first.Certificate), "s"},
		"the next newer one counts":       {10*hour + lifetime + 1, third, encode(t, third.Certificate, second.Certificate, first.Certificate), "ts"},
		"put in order":                    {11 * hour, third, encode(t, first.Certificate, third.Certificate, second.Certificate), "tsf"},
		"said twice":                      {11 * hour, second, encode(t, second.Certificate, first.Certificate, second.Certificate, first.Certificate), "sf"},
		"valid to its last moment":        {12 * hour, second, encode(t, brief.Certificate), "sb"},
		"expired":                         {12*hour + 1, second, encode(t, brief.Certificate), "s"},
		"no authority":                    {0, first, encode(t, leaf), "f"},
		"of the same second":              {11 * hour, second, encode(t, twin.Certificate), "sw"},
		"of the same second, the other":   {11 * hour, twin, encode(t, second.Certificate), "ws"},
		"of the same second, gone":        {10*hour + lifetime + 1, second, encode(t, twin.Certificate), "s"},
		"the other of it, gone":           {10*hour + lifetime + 1, twin, encode(t, second.Certificate), "w"},
		"rubbish":                         {0, first, "hello\n" + rubbish + key + encode(t, first.Certificate) + "\x00", "f"},
		"rubbish between":                 {10 * hour, second, encode(t, second.Certificate) + rubbish + encode(t, first.Certificate), "sf"},
		"the Secret is older":             {12 * hour, first, encode(t, second.Certificate), "sf"},
		"the Secret's is never too old":   {5000 * hour, first, encode(t, second.Certificate), "sf"},
		"the Secret's is never too stale": {year + 1, first, encode(t, first.Certificate), "f"},
	}
	letters := map[byte]maker{'f': first, 's': second, 't': third, 'b': brief, 'w': twin}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			want := ""
			for i := range tt.want {
				want += encode(t, letters[tt.want[i]].Certificate)
			}
			got, err := bundle(at(tt.now), tt.current.Certificate, []byte(tt.existing), lifetime)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Error(diff)
			}
			again, err := bundle(at(tt.now), tt.current.Certificate, got, lifetime)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(got), string(again)); diff != "" {
				t.Errorf("another replica does not agree: %s", diff)
			}
		})
	}
}

func TestBundleIsBounded(t *testing.T) {
	var existing string
	var made []maker
	for i := range maxAuthorities + 2 {
		m := newAuthority(t, fmt.Sprint(i), time.Duration(i)*time.Second, time.Hour)
		made = append(made, m)
		existing += encode(t, m.Certificate)
	}
	for _, current := range []int{0, 4, maxAuthorities + 1} {
		got, err := bundle(at(time.Minute), made[current].Certificate, []byte(existing), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		found := parse(got)
		if len(found) != maxAuthorities {
			t.Errorf("signed by %d: %d certificates", current, len(found))
		}
		if !found[0].Equal(made[maxAuthorities+1].Certificate) {
			t.Errorf("signed by %d: the newest is %s", current, found[0].Subject)
		}
		has := false
		for _, c := range found {
			has = has || c.Equal(made[current].Certificate)
		}
		if !has {
			t.Errorf("signed by %d, which is not there", current)
		}
	}
}
