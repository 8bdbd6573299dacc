# SPDX-License-Identifier: MIT
# OpenSSH: a server that forks, execs itself, drops rights and installs a
# filter of its own; terminals; forwarded ports; rsync over it.
. "${0%/*}/lib.sh"
need sshd ssh ssh-keygen rsync python3
PATH=$PATH:/usr/sbin:/sbin

start_sshd()
{
	[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
	ssh-keygen -q -t ed25519 -N '' -f host_key
	ssh-keygen -q -t ed25519 -N '' -f key
	cat >config <<-END
	ListenAddress 127.0.0.1
	Port 2222
	HostKey $PWD/host_key
	AuthorizedKeysFile $PWD/key.pub
	StrictModes no
	PermitRootLogin yes
	UsePAM no
	PidFile none
	END
	cat >client <<-END
	Host there
		HostName 127.0.0.1
		Port 2222
		IdentityFile $PWD/key
		StrictHostKeyChecking no
		UserKnownHostsFile /dev/null
		LogLevel ERROR
	END
	start sshd "$(PATH=$PATH:/usr/sbin:/sbin command -v sshd)" \
		-D -e -f "$PWD/config"
	wait_line sshd 'Server listening'
}

ssh_runs_a_command()
{
	start_sshd
	head -c 3M /dev/urandom >data
	says 'it came' ssh -F client there 'echo it came'
	ssh -F client there sha256sum <data >sum
	sha256sum <data | cmp - sum
	[ "$(ssh -F client there 'exit 7' || echo $?)" = 7 ]
}

ssh_gives_a_terminal()
{
	start_sshd
	ssh -tt -F client there tty | grep '^/dev/pts/'
}

ssh_forwards_ports()
{
	start_sshd
	start server python3 -u -m http.server --bind 127.0.0.1 8000
	wait_line server 'Serving HTTP'
	start tunnel ssh -N -F client -L 127.0.0.1:8001:127.0.0.1:8000 \
		-R 127.0.0.1:8002:127.0.0.1:8001 there
	wait_port 8002
	curl -sS http://127.0.0.1:8002/key.pub | cmp - key.pub
}

rsync_copies_a_tree()
{
	local i

	start_sshd
	mkdir -p from/deep/er
	for i in $(seq 60); do
		head -c $((i * 1000)) /dev/urandom >"from/deep/$i"
	done
	ln -s ../er from/deep/er/link
	rsync -a -e "ssh -F client" from/ "there:$PWD/to/"
	diff -r --no-dereference from to
	echo more >>from/deep/7
	rm from/deep/9
	rsync -a --delete -e "ssh -F client" from/ "there:$PWD/to/"
	diff -r --no-dereference from to
}

both_sides ssh_runs_a_command
both_sides ssh_gives_a_terminal
both_sides ssh_forwards_ports
both_sides rsync_copies_a_tree
done_testing
