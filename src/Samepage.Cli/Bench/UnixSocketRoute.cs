using System.Net.Sockets;

namespace Samepage.Cli.Bench;

/// <summary>A Unix domain socket, in a directory of its own until both sides have met.</summary>
internal sealed class UnixSocketRoute : MessageRoute
{
    public const string Kind = "unix-socket";
    public const string Name = "Unix socket";

    private readonly string _path;
    private Socket? _listener;
    private NetworkStream? _stream;

    private UnixSocketRoute(string path)
        : base(Name, $"{Kind}:{path}") => _path = path;

    /// <exception cref="SocketException">This system has no such sockets, or not there.</exception>
    public static UnixSocketRoute Create()
    {
        var route = new UnixSocketRoute(Path.Combine(Directory.CreateTempSubdirectory("samepage-bench-").FullName, "socket"));
        try
        {
            route._listener = Make();
            route._listener.Bind(new UnixDomainSocketEndPoint(route._path));
            route._listener.Listen();
            return route;
        }
        catch
        {
            route.Dispose();
            throw;
        }
    }

    public static UnixSocketRoute Join(string path)
    {
        var route = new UnixSocketRoute(path);
        Socket socket = Make();
        socket.Connect(new UnixDomainSocketEndPoint(path));
        route._stream = new NetworkStream(socket, ownsSocket: true);
        return route;
    }

    public override void Meet(CancellationToken ended)
    {
        _stream = new NetworkStream(_listener!.AcceptAsync(ended).AsTask().GetAwaiter().GetResult(), ownsSocket: true);
        StopListening();
    }

    public override void Dispose()
    {
        _stream?.Dispose();
        StopListening();
    }

    protected override void Send(ReadOnlySpan<byte> message) => _stream!.Write(message);

    protected override void Receive(Span<byte> room) => _stream!.ReadExactly(room);

    private static Socket Make() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Only the side that asks has listened, and owns the directory.</summary>
    private void StopListening()
    {
        if (_listener is null)
            return;
        _listener.Dispose();
        _listener = null;
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }
}
