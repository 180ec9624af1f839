namespace Samepage.Bench.Rivals.Native;

/// <summary>The rivals of bench/rivals and what each of them can do.</summary>
internal static class NativeRivals
{
    /// <summary>What a message queue of the kernel holds at most for who has no privileges; 0 where there are none.</summary>
    private const string LargestOfPosix = "/proc/sys/fs/mqueue/msgsize_max";

    public static IReadOnlyList<Rival> All { get; } =
    [
        new NativeRival("boost", "Boost message_queue", "g++, libboost-dev") { Flags = ["-pthread", "-lrt"] },
        new Iceoryx(),
        new NativeRival("zeromq", "ZeroMQ ipc://", "gcc, libzmq3-dev") { Flags = ["-lzmq", "-pthread"] },
        new NativeRival("posix-mq", "POSIX message queue", "gcc, libc6-dev")
        {
            Flags = ["-lrt"],
            Largest = File.Exists(LargestOfPosix) ? long.Parse(File.ReadAllText(LargestOfPosix)) : 0,
        },
    ];
}
