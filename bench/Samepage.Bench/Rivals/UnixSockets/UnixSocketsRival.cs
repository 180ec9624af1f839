using System.Net.Sockets;
using Samepage.Bench.Rivals.Bytes;
using Samepage.Bench.Rivals.Fans;

namespace Samepage.Bench.Rivals.UnixSockets;

/// <summary>A stream socket with a name in the file system, and a connection to each other side; a datagram socket where many send to one.</summary>
internal sealed class UnixSocketsRival : OwnRival, IFanRival
{
    public override string Name => "Unix socket";

    public override string? Missing => Socket.OSSupportsUnixDomainSockets ? null : "no Unix sockets";

    // Datagram sockets are there where Linux is.
    public override bool Can(Job job) => job.Blocks && (job.Kind != JobKind.FanIn || OperatingSystem.IsLinux());

    public override void Serve(Job job, string name, bool first)
    {
        using Socket socket = Open(SocketType.Stream, name, first);
        if (first)
            socket.Listen();
        RivalLoop.Serve(job, first, () => EndOf(first ? socket.Accept() : socket, job));
    }

    public void ServeFan(Job job, string name, int member)
    {
        bool first = member == 0;
        using Socket socket = Open(job.Kind == JobKind.FanOut ? SocketType.Stream : SocketType.Dgram, name, first);
        if (job.Kind == JobKind.FanOut && first)
        {
            socket.Listen();
            FanSide<ByteEnd<EachPort<SocketPort>>>.Serve(job, member, () => new(
                new([.. Enumerable.Range(0, job.Many).Select(_ => new SocketPort(socket.Accept()))]), job.SentAtOnce));
        }
        else
        {
            FanSide<ByteEnd<SocketPort>>.Serve(job, member, () => EndOf(socket, job));
        }
    }

    private static Socket Open(SocketType type, string name, bool first)
    {
        var place = new UnixDomainSocketEndPoint(Path.Combine(Path.GetTempPath(), $"{name}.socket"));
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        if (first)
            socket.Bind(place);
        else
            socket.Connect(place);
        return socket;
    }

    private static ByteEnd<SocketPort> EndOf(Socket socket, Job job) => new(new SocketPort(socket), job.SentAtOnce);
}
