// Command logs writes a made-up log of S3 of any length, the same each time: for measuring `bucketwarden acl usage`.
//
//	go run ./hack/logs -bytes 1000000000 >access.log
//	go run ./hack/logs -bytes 1000000000 -cloudtrail | gzip >trail.json.gz
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"
)

func main() {
	size := flag.Int64("bytes", 100_000_000, "how many, at least")
	trail := flag.Bool("cloudtrail", false, "CloudTrail records instead of server access log lines")
	flag.Parse()
	if err := write(os.Stdout, *size, *trail); err != nil {
		fmt.Fprintln(os.Stderr, "logs:", err)
		os.Exit(1)
	}
}

// write writes a log of little more than size bytes.
func write(to io.Writer, size int64, trail bool) error {
	w := bufio.NewWriterSize(to, 1<<20)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same log each time is what is wanted
	g := generator{rand: random, at: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)}
	if !trail {
		for written := int64(0); written < size; {
			line := g.line()
			written += int64(len(line))
			if _, err := w.WriteString(line); err != nil {
				return err
			}
		}
		return w.Flush()
	}
	before := `{"Records":[`
	for written := int64(0); written < size; before = "," {
		record := before + g.record()
		written += int64(len(record))
		if _, err := w.WriteString(record); err != nil {
			return err
		}
	}
	if _, err := w.WriteString("]}\n"); err != nil {
		return err
	}
	return w.Flush()
}

// generator makes requests of 60 roles with many sessions, of some users and of anonymous callers.
type generator struct {
	rand *rand.Rand
	at   time.Time
}

// request is one of them. One in 2,000 needed an ACL.
type request struct {
	role, operation, event, method, key, id string
	status                                  int
	acl                                     bool
}

func (g *generator) request() request {
	g.at = g.at.Add(time.Duration(g.rand.IntN(1000)) * time.Millisecond)
	operations := [...]request{
		{operation: "REST.GET.OBJECT", event: "GetObject", method: "GET"},
		{operation: "REST.PUT.OBJECT", event: "PutObject", method: "PUT"},
		{operation: "REST.HEAD.OBJECT", event: "HeadObject", method: "HEAD"},
		{operation: "REST.DELETE.OBJECT", event: "DeleteObject", method: "DELETE"},
	}
	r := operations[g.rand.IntN(len(operations))]
	team := g.rand.IntN(12)
	r.role = fmt.Sprintf("team-%d-role-%d", team, g.rand.IntN(5))
	r.key = fmt.Sprintf("team-%d/events/%s/part-%08x.json.gz", team, g.at.Format("2006/01/02"), g.rand.Uint32())
	r.id, r.status, r.acl = fmt.Sprintf("%016X", g.rand.Uint64()), 200, g.rand.IntN(2000) == 0
	if g.rand.IntN(50) == 0 {
		r.status = 403
	}
	return r
}

func (g *generator) line() string {
	r := g.request()
	code, acl := "-", "-"
	if r.status == 403 {
		code = "AccessDenied"
	}
	if r.acl {
		acl = "Yes"
	}
	return fmt.Sprintf("79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be data-lake [%s] 192.0.2.%d "+
		"arn:aws:sts::111122223333:assumed-role/%s/i-%017x %s %s %s \"%s /%s HTTP/1.1\" %d %s %d %d %d %d \"-\" "+
		"\"aws-sdk-go-v2/1.30 os/linux lang/go#1.22 md/GOOS#linux md/GOARCH#amd64 api/s3#1.58\" - "+
		"s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi3%05x= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader "+
		"data-lake.s3.eu-west-1.amazonaws.com TLSv1.3 - %s eu-west-1\n",
		g.at.Format("02/Jan/2006:15:04:05 -0700"), g.rand.IntN(256), r.role, g.rand.Uint64(), r.id, r.operation, r.key, r.method, r.key,
		r.status, code, g.rand.IntN(9000)+100, g.rand.IntN(1<<24), g.rand.IntN(90)+10, g.rand.IntN(9)+1, g.rand.IntN(1<<20), acl)
}

func (g *generator) record() string {
	r := g.request()
	code, acl := "", ""
	if r.status == 403 {
		code = `"errorCode":"AccessDenied","errorMessage":"Access Denied",`
	}
	if r.acl {
		acl = `,"aclRequired":"Yes"`
	}
	reads := r.method == "GET" || r.method == "HEAD"
	return fmt.Sprintf(`{"eventVersion":"1.09","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:i-%017x",`+
		`"arn":"arn:aws:sts::111122223333:assumed-role/%s/i-%017x","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE",`+
		`"sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::111122223333:role/%s",`+
		`"accountId":"111122223333","userName":"%s"},"attributes":{"creationDate":"2024-05-01T00:00:00Z","mfaAuthenticated":"false"}}},`+
		`"eventTime":"%s","eventSource":"s3.amazonaws.com","eventName":"%s","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.%d",`+
		`"userAgent":"[aws-sdk-go-v2/1.30 os/linux lang/go#1.22]",%s"requestParameters":{"bucketName":"data-lake",`+
		`"Host":"data-lake.s3.eu-west-1.amazonaws.com","key":"%s"},"responseElements":null,"additionalEventData":{"SignatureVersion":"SigV4",`+
		`"CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","bytesTransferredOut":%d%s},`+
		`"requestID":"%s","eventID":"%s","readOnly":%t,"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::data-lake/%s"},`+
		`{"accountId":"111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::data-lake"}],"eventType":"AwsApiCall",`+
		`"managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"Data"}`,
		g.rand.Uint64(), r.role, g.rand.Uint64(), r.role, r.role, g.at.Format(time.RFC3339), r.event, g.rand.IntN(256), code, r.key,
		g.rand.IntN(1<<20), acl, r.id, r.id, reads, r.key)
}
