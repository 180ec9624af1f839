using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Samepage.Channels;

/// <summary>One who serves structs: as <see cref="ServiceServer"/>, with copies of the requests.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
/// <remarks>As of <see cref="ServiceServer"/>.</remarks>
public sealed class ServiceServer<TRequest, TResponse> : IDisposable
    where TRequest : unmanaged
    where TResponse : unmanaged
{
    private readonly ServiceServer _server;
    private readonly string _service;

    internal ServiceServer(ServiceServer server, string service)
    {
        _server = server;
        _service = service;
    }

    /// <inheritdoc cref="ServiceServer.Readable"/>
    public SharedWaitable Readable => _server.Readable;

    /// <inheritdoc cref="ServiceServer.TryTake(out ServiceRequest)"/>
    public bool TryTake(out ServiceRequest<TRequest, TResponse> request)
    {
        bool taken = _server.TryTake(out ServiceRequest bytes);
        request = taken ? Of(bytes) : default;
        return taken;
    }

    /// <inheritdoc cref="ServiceServer.TryTake(TimeSpan, out ServiceRequest, CancellationToken)"/>
    public bool TryTake(TimeSpan timeout, out ServiceRequest<TRequest, TResponse> request, CancellationToken cancellationToken = default)
    {
        bool taken = _server.TryTake(timeout, out ServiceRequest bytes, cancellationToken);
        request = taken ? Of(bytes) : default;
        return taken;
    }

    /// <inheritdoc cref="ServiceServer.TakeAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ServiceRequest<TRequest, TResponse>> TakeAsync(CancellationToken cancellationToken = default) =>
        Of(await _server.TakeAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="ServiceServer.WaitToTake"/>
    public bool WaitToTake(TimeSpan timeout, CancellationToken cancellationToken = default) => _server.WaitToTake(timeout, cancellationToken);

    /// <inheritdoc cref="ServiceServer.WaitToTakeAsync"/>
    public ValueTask<bool> WaitToTakeAsync(TimeSpan timeout, CancellationToken cancellationToken = default) => _server.WaitToTakeAsync(timeout, cancellationToken);

    /// <summary>Serves until the token is cancelled.</summary>
    /// <param name="handler">Answers each request. Its token is cancelled when nobody waits for the answer any more. What it throws, the client is told.</param>
    /// <param name="atOnce">How many may be handled at one time, all of which wait.</param>
    /// <param name="cancellationToken">Ends it; those that are being handled are waited for.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task RunAsync(Func<TRequest, CancellationToken, ValueTask<TResponse>> handler, int atOnce = 64, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _server.RunAsync(bytes => AnswerAsync(handler, Of(bytes)), atOnce, cancellationToken);
    }

    /// <summary>Serves until the token is cancelled, with as many responses to each request as the handler gives.</summary>
    /// <inheritdoc cref="RunAsync(Func{TRequest, CancellationToken, ValueTask{TResponse}}, int, CancellationToken)"/>
    public Task RunAsync(Func<TRequest, CancellationToken, IAsyncEnumerable<TResponse>> handler, int atOnce = 64, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _server.RunAsync(bytes => StreamAsync(handler, Of(bytes)), atOnce, cancellationToken);
    }

    /// <inheritdoc cref="ServiceServer.Dispose"/>
    public void Dispose() => _server.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask AnswerAsync(Func<TRequest, CancellationToken, ValueTask<TResponse>> handler, ServiceRequest<TRequest, TResponse> request)
    {
        TResponse response = await handler(request.Value, request.CancellationToken).ConfigureAwait(false);
        if (!request.IsStream)
            _ = request.Reply(in response);
        else if (await request.WriteAsync(response).ConfigureAwait(false))
            _ = request.Complete();
    }

    private static async ValueTask StreamAsync(Func<TRequest, CancellationToken, IAsyncEnumerable<TResponse>> handler, ServiceRequest<TRequest, TResponse> request)
    {
        if (!request.IsStream)
            throw new InvalidOperationException("This service answers with a stream.");
        await foreach (TResponse response in handler(request.Value, request.CancellationToken).ConfigureAwait(false))
        {
            if (!await request.WriteAsync(response).ConfigureAwait(false))
                break;
        }
        _ = request.Complete();
    }

    private ServiceRequest<TRequest, TResponse> Of(ServiceRequest request)
    {
        if (request.Length == Unsafe.SizeOf<TRequest>())
            return new(request, MemoryMarshal.Read<TRequest>(request.Span));
        _ = request.Fail("The request has another length than all requests of this service.");
        throw ChannelErrors.Corrupt(_service, $"a request of {request.Length:N0} bytes was sent, and all have {Unsafe.SizeOf<TRequest>():N0}");
    }
}
