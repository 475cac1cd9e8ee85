package webhook

// What decoded JSON takes, in bytes.
const (
	// mostDecoded is the most that one request may come to, and maxDecoded that all do together which come to more than
	// ordinaryDecoded. The API server stores 1.5 MiB at the most, and a Bucket with all that S3 takes of everything, a thousand
	// rules of its life cycle and what three writers say of each field, comes to a third of the first, old and new.
	mostDecoded, maxDecoded, ordinaryDecoded = 48 << 20, 64 << 20, 1 << 20
	// maxDepth is how many lists and objects may be inside each other. Kinds of buckets have a dozen.
	maxDepth = 100
)

// What each part of a JSON text takes as Go keeps any JSON: a map, a list, either when it is empty, and one more value.
const (
	sizeOfMap   = 400
	sizeOfList  = 96
	sizeOfEmpty = 48
	sizeOfValue = 80
)

// weigh returns about how many bytes a JSON text takes when it is decoded, and how many lists and objects it has inside each
// other. It does not tell whether the text is JSON.
func weigh(text []byte) (size, depth int) {
	size = len(text)
	level := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			level++
			depth = max(depth, level)
			switch {
			case i+1 < len(text) && text[i+1] == c+2: // "{}" or "[]"
				size += sizeOfEmpty
			case c == '{':
				size += sizeOfMap
			default:
				size += sizeOfList
			}
		case '}', ']':
			level--
		case ',':
			size += sizeOfValue
		}
	}
	return size, depth
}
