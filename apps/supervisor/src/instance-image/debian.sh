#!/bin/sh
# Makes the system of the full image in ROOT: Debian with PACKAGES, its security fixes among them, and NODE with npm from
# NPM. Runs as root, in namespaces of its own: what it mounts and starts ends with it. DEBS keeps the packages that were
# fetched, so that another try begins where this one was cut off. Its steps go to standard output, all else to standard
# error.
set -eu
umask 022
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

step() { echo "$*"; }

step "Unpacking Debian $SUITE from $MIRROR"
debootstrap --variant=minbase --cache-dir="$DEBS" "$SUITE" "$ROOT" "$MIRROR" >&2

# No manuals or translations, as in Debian's own images; licences stay.
cat > "$ROOT/etc/dpkg/dpkg.cfg.d/no-docs" <<END
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
path-exclude /usr/share/man/*
force-unsafe-io
END
cat > "$ROOT/etc/apt/sources.list" <<END
deb $MIRROR $SUITE main
deb $MIRROR $SUITE-updates main
deb $MIRROR-security $SUITE-security main
END
printf '#!/bin/sh\nexit 101\n' > "$ROOT/usr/sbin/policy-rc.d"
chmod 755 "$ROOT/usr/sbin/policy-rc.d"
mount -t proc proc "$ROOT/proc"
mount --bind "$DEBS" "$ROOT/var/cache/apt/archives"

inside() { chroot "$ROOT" /usr/bin/env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@" >&2; }
apt() { inside apt-get -qq -o APT::Sandbox::User= -o APT::Keep-Downloaded-Packages=true "$@"; }
step 'Fetching the security fixes and the tools'
apt update
apt --yes --download-only upgrade
# shellcheck disable=SC2086
apt --yes --no-install-recommends --download-only install $PACKAGES
step 'Installing them'
apt --yes upgrade
# shellcheck disable=SC2086
apt --yes --no-install-recommends install $PACKAGES

step 'Adding Node and npm'
install -m 755 "$NODE" "$ROOT/usr/local/bin/node"
if [ -d "$HEADERS" ]; then
  mkdir -p "$ROOT/usr/local/include"
  cp -R "$HEADERS" "$ROOT/usr/local/include/node"
  # Of OpenSSL's, only this machine's.
  find "$ROOT/usr/local/include/node/openssl/archs" -mindepth 1 -maxdepth 1 ! -name "$OPENSSL_ARCH" -exec rm -rf {} +
fi
mkdir -p "$ROOT/usr/local/lib/node_modules"
cp -R "$NPM" "$ROOT/usr/local/lib/node_modules/npm"
rm -rf "$ROOT/usr/local/lib/node_modules/npm/docs" "$ROOT/usr/local/lib/node_modules/npm/man"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$ROOT/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$ROOT/usr/local/bin/npx"
inside node --version
inside npm --version

step 'Cleaning up'
umount "$ROOT/var/cache/apt/archives" "$ROOT/proc"
cd "$ROOT"
rm -rf usr/sbin/policy-rc.d etc/resolv.conf etc/hostname root/.npm
rm -rf var/lib/apt/lists/* var/cache/* var/log/* tmp/* run/* dev/* usr/share/man/* usr/share/info/* usr/share/locale/*
find usr/share/doc -mindepth 1 ! -type d ! -name copyright -delete
find usr/share/doc -mindepth 1 -type d -empty -delete
mkdir -p var/cache/apt/archives/partial
# Nobody becomes another user in there.
find . -xdev -type f -perm /6000 -exec chmod a-s {} +
mkdir -p home/matrixos/home
chown -R 10001:10001 home/matrixos
chmod 700 home/matrixos/home
