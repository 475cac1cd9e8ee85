package accesslog

// onObject is what operations on objects ask for.
type onObject struct {
	action     string // without s3:
	version    string // in its place when the request may name a version
	perhaps    []string
	operations []string
}

// Actions that the operation alone does not show: replication uses its own, and headers ask for more.
var (
	withReads   = []string{"GetObjectVersionForReplication"}
	withDeletes = []string{"BypassGovernanceRetention", "ReplicateDelete"}
	withCopies  = []string{"GetObjectTagging", "GetObjectVersionForReplication", "GetObjectVersionTagging"}
	withUploads = []string{"PutObjectTagging", "PutObjectRetention", "PutObjectLegalHold", "ReplicateObject", "ReplicateTags",
		"ObjectOwnerOverrideToBucketOwner"}
	uploadsACL   = "PutObjectAcl"
	withLockings = []string{"BypassGovernanceRetention"}
)

var onObjects = []onObject{
	{"GetObject", "GetObjectVersion", withReads, []string{
		"REST.GET.OBJECT", "REST.HEAD.OBJECT", "WEBSITE.GET.OBJECT", "WEBSITE.HEAD.OBJECT", "GetObject",
		"HeadObject", "SelectObjectContent", "REST.POST.SELECT",
	}},
	{"GetObject", "GetObjectVersion", withCopies, []string{"REST.COPY.OBJECT_GET", "REST.COPY.PART_GET"}},
	{"PutObject", "", withUploads, []string{
		"REST.PUT.OBJECT", "REST.POST.OBJECT", "REST.COPY.OBJECT", "REST.COPY.PART", "REST.PUT.PART",
		"REST.POST.UPLOADS", "REST.POST.UPLOAD", "PutObject", "PostObject", "CopyObject", "UploadPart",
		"UploadPartCopy", "CreateMultipartUpload", "CompleteMultipartUpload",
	}},
	{"DeleteObject", "DeleteObjectVersion", withDeletes, []string{
		"REST.DELETE.OBJECT", "BATCH.DELETE.OBJECT", "DeleteObject", "DeleteObjects",
	}},
	{"AbortMultipartUpload", "", nil, []string{"REST.DELETE.UPLOAD", "AbortMultipartUpload"}},
	{"ListMultipartUploadParts", "", nil, []string{"REST.GET.UPLOAD", "ListParts"}},
	{"GetObjectAcl", "GetObjectVersionAcl", nil, []string{"REST.GET.ACL", "GetObjectAcl"}},
	{"PutObjectAcl", "PutObjectVersionAcl", nil, []string{"REST.PUT.ACL", "PutObjectAcl"}},
	{"GetObjectTagging", "GetObjectVersionTagging", nil, []string{
		"REST.GET.OBJECT_TAGGING", "GetObjectTagging",
	}},
	{"PutObjectTagging", "PutObjectVersionTagging", nil, []string{
		"REST.PUT.OBJECT_TAGGING", "PutObjectTagging",
	}},
	{"DeleteObjectTagging", "DeleteObjectVersionTagging", nil, []string{
		"REST.DELETE.OBJECT_TAGGING", "DeleteObjectTagging",
	}},
	{"GetObjectAttributes", "GetObjectVersionAttributes", []string{"GetObject", "GetObjectVersion"}, []string{
		"REST.GET.OBJECT_ATTRIBUTES", "GetObjectAttributes",
	}},
	{"GetObjectLegalHold", "", nil, []string{"REST.GET.LEGAL_HOLD", "GetObjectLegalHold"}},
	{"PutObjectLegalHold", "", nil, []string{"REST.PUT.LEGAL_HOLD", "PutObjectLegalHold"}},
	{"GetObjectRetention", "", nil, []string{"REST.GET.RETENTION", "GetObjectRetention"}},
	{"PutObjectRetention", "", withLockings, []string{"REST.PUT.RETENTION", "PutObjectRetention"}},
	{"RestoreObject", "", nil, []string{"REST.POST.RESTORE", "RestoreObject"}},
	{"GetObjectTorrent", "GetObjectVersionTorrent", nil, []string{"REST.GET.TORRENT", "GetObjectTorrent"}},
}

func (o onObject) permissions(operation string, flags Flags) Permissions {
	p := Permissions{Object: true, Needed: []string{"s3:" + o.action}, Perhaps: prefixed(o.perhaps)}
	if o.version != "" && (flags&OfVersion != 0 || operation == "DeleteObjects") { // of which CloudTrail lists nothing
		p.Perhaps = append(p.Perhaps, "s3:"+o.version)
	}
	switch {
	case o.action != "PutObject":
	case flags&SetsACL != 0:
		p.Needed = append(p.Needed, "s3:"+uploadsACL)
	default: // that CloudTrail has the header of every upload with an ACL is not documented
		p.Perhaps = append(p.Perhaps, "s3:"+uploadsACL)
	}
	return p
}

func prefixed(actions []string) []string {
	out := make([]string, len(actions))
	for i, a := range actions {
		out[i] = "s3:" + a
	}
	return out
}
