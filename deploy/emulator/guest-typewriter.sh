# Run in the emulated machine: what is typed on the chip `keys` goes to a typewriter on the chip $1, without a model.
sim=/sys/kernel/debug/platen_matrix_sim
wiring=$1
cp /host/platen /host/*.toml /host/*.gguf /tmp/
echo 1 >$sim/keys/diodes
cat /host/text.script >$sim/keys/script
echo 0xffffffffffffffff >$sim/$wiring/logged
printf '[model]\npath = "/tmp/platen-tiny.gguf"\n[keyboard]\nkind = "matrix"\nprofile = "/tmp/keyboard.toml"\n[paper]\nkind = "typewriter"\nprofile = "/tmp/%s.toml"\n' \
    "$wiring" >/tmp/platen.toml
/tmp/platen chat --config /tmp/platen.toml &
pid=$!
sleep 10
[ -d /proc/$pid ] || { echo "guest: platen has ended"; exit 1; }
echo 1 >$sim/keys/play
# A typewriter is slower than a typist.
sleep 60
kill $pid
wait $pid
cat $sim/$wiring/log >/host/$wiring.log
