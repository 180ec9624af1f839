using Samepage.Bench.Rivals.AnonymousPipes;
using Samepage.Bench.Rivals.Fans;
using Samepage.Bench.Rivals.KestrelUnixSocket;
using Samepage.Bench.Rivals.LoopbackTcp;
using Samepage.Bench.Rivals.NamedMutexAndFile;
using Samepage.Bench.Rivals.NamedPipes;
using Samepage.Bench.Rivals.Native;
using Samepage.Bench.Rivals.Samepage;
using Samepage.Bench.Rivals.UnixSockets;

namespace Samepage.Bench.Rivals;

/// <summary>Who races.</summary>
internal static class AllRivals
{
    /// <summary>What the roles of peers begin with that are a side of a rival.</summary>
    public const string Role = "rival-";

    /// <summary>Whom all others are held against.</summary>
    public static Rival Subject { get; } = new SamepageRival();

    /// <summary>The others.</summary>
    public static IReadOnlyList<Rival> Others { get; } =
    [
        new ServiceRival(),
        new AnonymousPipesRival(),
        new NamedPipesRival(),
        new UnixSocketsRival(),
        new LoopbackTcpRival(),
        new NamedMutexAndFileRival(),
        new KestrelUnixSocketRival(),
        .. NativeRivals.All,
    ];

    /// <summary>One side of a rival: <paramref name="role"/> is the type's name and the job.</summary>
    public static void Serve(string role, string name, string side)
    {
        string[] parts = role.Split('-', 2);
        OwnRival rival = Others.Prepend(Subject).OfType<OwnRival>().Single(r => r.GetType().Name == parts[0]);
        var job = Job.Parse(parts[1]);
        if (job.IsFan)
            ((IFanRival)rival).ServeFan(job, name, int.Parse(side));
        else
            rival.Serve(job, name, side == "first");
    }
}
