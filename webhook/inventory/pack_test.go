package inventory

import (
	"strings"
	"testing"
)

func TestPack(t *testing.T) {
	texts := []string{"", "{}", usual, usual + usual, strings.Repeat("a", 1<<16), "\x00\xff<&>"}
	for _, objects := range stock {
		for _, obj := range objects("logs") {
			texts = append(texts, encode(obj))
		}
	}
	for i, text := range texts {
		packed := pack(text)
		if got := unpack(packed); string(got) != text {
			t.Errorf("text %d comes back as %.80q", i, got)
		}
		for _, other := range texts {
			pack(other)
			if again := pack(text); again != packed {
				t.Fatalf("text %d is packed in two ways", i)
			}
		}
	}
}

func BenchmarkPack(b *testing.B) {
	text := encode(stock["ack"]("logs")[0])
	packed := pack(text)
	b.Run("pack", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			pack(text)
		}
	})
	b.Run("unpack", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			unpack(packed)
		}
	})
}
