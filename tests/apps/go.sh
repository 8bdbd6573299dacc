# SPDX-License-Identifier: MIT
# Static Go programs, which make raw system calls from many threads: Debian's
# scepserver signs a certificate for scepclient (HTTP over TCP).
. "${0%/*}/lib.sh"
need scepserver scepclient curl openssl

start_scepserver()
{
	scepserver ca -init
	start server scepserver -depot depot -port 2016 -challenge=secret
	wait_line server msg=listening
}

scep_issues_certificates()
{
	local i

	start_scepserver
	for i in 1 2 3; do
		mkdir "client$i"
		(cd "client$i" && scepclient -private-key client.key \
			-server-url=http://127.0.0.1:2016/scep \
			-challenge=secret -cn "client$i")
		openssl x509 -in "client$i/client.pem" -noout -issuer |
			grep 'OU = SCEP CA'
	done
}

scep_answers_curl()
{
	start_scepserver
	curl -sS 'http://127.0.0.1:2016/scep?operation=GetCACert' >got
	openssl x509 -in depot/ca.pem -outform DER >expected
	cmp got expected
}

both_sides scep_issues_certificates
both_sides scep_answers_curl
done_testing
