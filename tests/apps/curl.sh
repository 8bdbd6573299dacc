# SPDX-License-Identifier: MIT
# curl fetching from python3's http.server.
. "${0%/*}/lib.sh"
need python3 curl

serve_files()
{
	mkdir files
	(cd files && "$@")
	start server python3 -u -m http.server --bind 127.0.0.1 \
		--directory files 8000
	wait_line server 'Serving HTTP'
}

curl_fetches_200_megabytes()
{
	serve_files sh -c 'head -c 200M /dev/urandom >big && sha256sum big >../sums'
	curl -sS -o big http://127.0.0.1:8000/big
	sha256sum -c sums
}

some_files()
{
	head -c 25M /dev/urandom >all
	split -a 3 -d -b 512K all file
	rm all
	sha256sum file* >../sums
}

curl_fetches_50_files_in_parallel()
{
	serve_files some_files
	curl -sS -f -Z --parallel-immediate --parallel-max 50 --remote-name-all \
		'http://127.0.0.1:8000/file[000-049]'
	sha256sum -c --quiet sums
}

curls_in_parallel()
{
	serve_files some_files
	seq -f file%03.0f 0 49 | xargs -P 50 -I{} \
		curl -sS -f -o {} http://127.0.0.1:8000/{}
	sha256sum -c --quiet sums
}

curl_learns_that_there_is_none()
{
	serve_files some_files
	fails curl -sS -f http://127.0.0.1:8000/nothing 2>err
	grep -q 'error: 404' err
}

nobody_listens()
{
	fails curl -sS http://127.0.0.1:8000/ 2>err
	grep -q "Failed to connect to 127.0.0.1 port 8000.*Couldn't connect" err
}

both_sides curl_fetches_200_megabytes
both_sides curl_fetches_50_files_in_parallel
both_sides curls_in_parallel
both_sides curl_learns_that_there_is_none
both_sides nobody_listens
done_testing
