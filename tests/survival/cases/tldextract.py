# requires: tldextract==5.4.0
# Domains from the snapshot of suffixes in the package, private ones too.
import tldextract


def handler(event, context):
    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    private = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
    found = [
        extract(url)
        for url in ("https://www.a.b.co.uk/x", "x.github.io", "http://127.0.0.1:80", "例え.みんな", "nothing")
    ]
    return {
        "domains": [[one.subdomain, one.domain, one.suffix] for one in found],
        "private": private("x.github.io").suffix,
        "size": len(extract.tlds) > 1000,
    }
