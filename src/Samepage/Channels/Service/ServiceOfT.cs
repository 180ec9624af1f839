using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A <see cref="Service"/> whose requests and responses are structs. Their layouts are recorded in it, and compared by whoever opens it.</summary>
/// <typeparam name="TRequest">A struct without references. Its fields' names, offsets and sizes count, its own name does not.</typeparam>
/// <typeparam name="TResponse">Likewise.</typeparam>
/// <remarks>As of <see cref="Service"/>.</remarks>
[SuppressMessage("Design", "CA1000", Justification = "It is opened by its name and its types, as its sibling is by its name.")]
public sealed class Service<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] TRequest,
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] TResponse> : IDisposable
    where TRequest : unmanaged
    where TResponse : unmanaged
{
    private const int LeastAhead = 8;

    private static string? _known;

    private readonly Service _service;

    private Service(Service service) => _service = service;

    /// <summary>The name.</summary>
    public string Name => _service.Name;

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _service.Info;

    /// <summary>Found at its first use, so that who asks is told what cannot be.</summary>
    private static string Type => _known ??= $"{StructLayoutText.Of<TRequest>()} -> {StructLayoutText.Of<TResponse>()}";

    /// <inheritdoc cref="Service.Create(string, ServiceOptions?)"/>
    public static Service<TRequest, TResponse> Create(string name, ServiceOptions? options = null) =>
        new(Service.Make(name, Fitting(options), Type, openExisting: false, out _));

    /// <inheritdoc cref="Service.CreateOrOpen(string, out bool, ServiceOptions?)"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its requests or responses have another layout.</exception>
    public static Service<TRequest, TResponse> CreateOrOpen(string name, out bool created, ServiceOptions? options = null) =>
        Of(Service.Make(name, Fitting(options), Type, openExisting: true, out created));

    /// <inheritdoc cref="CreateOrOpen(string, out bool, ServiceOptions?)"/>
    public static Service<TRequest, TResponse> CreateOrOpen(string name, ServiceOptions? options = null) => CreateOrOpen(name, out _, options);

    /// <inheritdoc cref="Service.Open(string)"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its requests or responses have another layout.</exception>
    public static Service<TRequest, TResponse> Open(string name) =>
        TryOpen(name, out Service<TRequest, TResponse>? service) ? service : throw Absent.Of(name, SharedObjectKind.Service);

    /// <inheritdoc cref="Service.TryOpen(string, out Service?)"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its requests or responses have another layout.</exception>
    public static bool TryOpen(string name, [NotNullWhen(true)] out Service<TRequest, TResponse>? service)
    {
        service = Service.TryOpen(name, out Service? opened) ? Of(opened) : null;
        return service is not null;
    }

    /// <inheritdoc cref="Service.Serve(WaitStrategy)"/>
    public ServiceServer<TRequest, TResponse> Serve(WaitStrategy strategy = WaitStrategy.SpinThenBlock) => new(_service.Serve(strategy), Name);

    /// <inheritdoc cref="Service.CreateClient(WaitStrategy)"/>
    public ServiceClient<TRequest, TResponse> CreateClient(WaitStrategy strategy = WaitStrategy.SpinThenBlock) => new(_service.CreateClient(strategy), Name);

    /// <summary>Closes this handle. Its clients and servers go on.</summary>
    public void Dispose() => _service.Dispose();

    private static ServiceOptions Fitting(ServiceOptions? options)
    {
        options ??= new ServiceOptions { ResponseRoom = 1 };
        int least = CallBlock.StrideOf(Unsafe.SizeOf<TResponse>()) * LeastAhead;
        return options with { LongestRequest = Unsafe.SizeOf<TRequest>(), ResponseRoom = Math.Max(options.ResponseRoom, least) };
    }

    private static Service<TRequest, TResponse> Of(Service service)
    {
        try
        {
            service.RequireType(Type);
            return new Service<TRequest, TResponse>(service);
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }
}
