using System.Net;
using System.Net.Sockets;
using Samepage.Bench.Rivals.Bytes;

namespace Samepage.Bench.Rivals.LoopbackTcp;

/// <summary>TCP within the machine; Nagle's algorithm is off, as its documentation says for messages that should go at once.</summary>
internal sealed class LoopbackTcpRival : OwnRival
{
    public override string Name => "TCP over loopback";

    public override bool Can(Job job) => job is { Blocks: true, IsFan: false };

    public override void Serve(Job job, string name, bool first)
    {
        string portFile = Path.Combine(Path.GetTempPath(), $"{name}.port");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (first)
        {
            // Any port that is free; the file tells the other side which.
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            socket.Listen();
            File.WriteAllText(portFile, $"{((IPEndPoint)socket.LocalEndPoint!).Port}");
        }
        else
        {
            socket.Connect(IPAddress.Loopback, int.Parse(File.ReadAllText(portFile)));
            File.Delete(portFile);
        }
        RivalLoop.Serve(job, first, () => new ByteEnd<SocketPort>(new SocketPort(first ? Accept(socket) : socket), job.SentAtOnce));
    }

    private static Socket Accept(Socket listener)
    {
        Socket socket = listener.Accept();
        socket.NoDelay = true;
        return socket;
    }
}
