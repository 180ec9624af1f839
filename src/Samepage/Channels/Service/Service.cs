using System.Diagnostics.CodeAnalysis;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>
/// A service between processes: clients call, and one of those who serve answers. Many calls at a time, with deadlines and cancellation that reach the server.
/// Requests and responses are written and read in place, in shared memory.
/// </summary>
/// <remarks>
/// It lives while anyone holds a handle, a client or a server of it (W19). All members may be called from any thread at the same time. Clients and servers
/// come and go at any time, and outlive the handle that made them.
/// </remarks>
public sealed class Service : IDisposable
{
    private readonly ServiceCore _core;
    private bool _disposed;

    private Service(ServiceCore core) => _core = core;

    /// <summary>The name.</summary>
    public string Name => _core.Channel.Name;

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _core.Channel.Memory.Info;

    /// <summary>Makes a new service.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="options">How it is made; null for the defaults.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: an object of any kind has the name (W04, W07).</exception>
    /// <exception cref="ArgumentException">The name or an option cannot be.</exception>
    public static Service Create(string name, ServiceOptions? options = null) => Make(name, options, "", openExisting: false, out _);

    /// <summary>Makes the service, or opens the one that has the name; then its own options win (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="options">How a new one is made.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.WrongKind"/>: the name is another object's (W07).</exception>
    public static Service CreateOrOpen(string name, out bool created, ServiceOptions? options = null) => Make(name, options, "", openExisting: true, out created);

    /// <inheritdoc cref="CreateOrOpen(string, out bool, ServiceOptions?)"/>
    public static Service CreateOrOpen(string name, ServiceOptions? options = null) => CreateOrOpen(name, out _, options);

    /// <summary>Opens the service of that name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07).</exception>
    public static Service Open(string name) => TryOpen(name, out Service? service) ? service : throw Absent.Of(name, SharedObjectKind.Service);

    /// <summary>Opens the service of that name if there is one.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="service">The service, or null.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.WrongKind"/> (W07).</exception>
    public static bool TryOpen(string name, [NotNullWhen(true)] out Service? service)
    {
        service = ChannelMemory.TryOpen(ObjectName.Parse(name), SharedObjectKind.Service) is { } memory ? new Service(new ServiceCore(memory)) : null;
        return service is not null;
    }

    /// <summary>True when a service of that name is alive at this moment; whether anybody serves is another question.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == SharedObjectKind.Service;

    /// <summary>One more server.</summary>
    /// <param name="strategy">How it waits for requests.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: there are <see cref="ServiceOptions.MaxServers"/> already.</exception>
    public ServiceServer Serve(WaitStrategy strategy = WaitStrategy.SpinThenBlock)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ServiceServer(_core, strategy);
    }

    /// <summary>One more client.</summary>
    /// <param name="strategy">How it waits for responses.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: there are <see cref="ServiceOptions.MaxClients"/> already.</exception>
    public ServiceClient CreateClient(WaitStrategy strategy = WaitStrategy.SpinThenBlock)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ServiceClient(_core, strategy);
    }

    /// <summary>Closes this handle. Its clients and servers go on.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _core.Channel.Release();
    }

    internal static Service Make(string name, ServiceOptions? options, string type, bool openExisting, out bool created) =>
        new(new ServiceCore(ChannelMemory.Make(ObjectName.Parse(name), (options ?? new ServiceOptions()).ToShape(type), openExisting, out created)));

    internal void RequireType(string type) => _core.Channel.Memory.RequireType(type);
}
