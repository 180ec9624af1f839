using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Samepage.Channels;

/// <summary>One who calls a service of structs: as <see cref="ServiceClient"/>, with copies of the responses.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
/// <remarks>As of <see cref="ServiceClient"/>.</remarks>
public sealed class ServiceClient<TRequest, TResponse> : IDisposable
    where TRequest : unmanaged
    where TResponse : unmanaged
{
    private readonly ServiceClient _client;
    private readonly string _service;

    internal ServiceClient(ServiceClient client, string service)
    {
        _client = client;
        _service = service;
    }

    /// <inheritdoc cref="ServiceClient.Call"/>
    /// <param name="request">What is asked.</param>
    /// <param name="response">The answer.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave: it may then be done twice.</param>
    /// <param name="cancellationToken">Ends the call; the server is told.</param>
    public bool Call(in TRequest request, out TResponse response, TimeSpan timeout, bool retryOnDeath = false, CancellationToken cancellationToken = default)
    {
        if (!_client.Call(BytesOf(in request), out ServiceResponse answer, timeout, retryOnDeath, cancellationToken))
        {
            response = default;
            return false;
        }
        using (answer)
            response = ValueOf(answer);
        return true;
    }

    /// <summary>Calls, and waits for the response, however long that takes.</summary>
    /// <inheritdoc cref="Call(in TRequest, out TResponse, TimeSpan, bool, CancellationToken)"/>
    /// <returns>The answer.</returns>
    public TResponse Call(in TRequest request, bool retryOnDeath = false, CancellationToken cancellationToken = default)
    {
        _ = Call(in request, out TResponse response, Timeout.InfiniteTimeSpan, retryOnDeath, cancellationToken);
        return response;
    }

    /// <inheritdoc cref="ServiceClient.CallAsync"/>
    /// <param name="request">What is asked.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave: it may then be done twice.</param>
    /// <param name="cancellationToken">Ends the call; the server is told.</param>
    /// <returns>The answer.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResponse> CallAsync(TRequest request, TimeSpan timeout, bool retryOnDeath = false, CancellationToken cancellationToken = default)
    {
        using ServiceResponse answer = await _client.CallAsync(BytesOf(in request), timeout, retryOnDeath, cancellationToken).ConfigureAwait(false);
        return ValueOf(answer);
    }

    /// <inheritdoc cref="CallAsync(TRequest, TimeSpan, bool, CancellationToken)"/>
    public ValueTask<TResponse> CallAsync(TRequest request, bool retryOnDeath = false, CancellationToken cancellationToken = default) =>
        CallAsync(request, Timeout.InfiniteTimeSpan, retryOnDeath, cancellationToken);

    /// <summary>Calls, and reads as many responses as the server gives, as they come.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="timeout">For all of it; null: however long it takes.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave before its first response was read.</param>
    /// <param name="cancellationToken">Ends the call; the server is told, as it is when no more responses are asked for.</param>
    /// <inheritdoc cref="ServiceClient.StreamAsync"/>
    public async IAsyncEnumerable<TResponse> StreamAsync(TRequest request, TimeSpan? timeout = null, bool retryOnDeath = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        byte[] asked = BytesOf(in request).ToArray();
        await foreach (ServiceResponse answer in _client.StreamAsync(asked, timeout ?? Timeout.InfiniteTimeSpan, retryOnDeath, cancellationToken).ConfigureAwait(false))
            yield return ValueOf(answer);
    }

    /// <inheritdoc cref="ServiceClient.Dispose"/>
    public void Dispose() => _client.Dispose();

    private static ReadOnlySpan<byte> BytesOf(in TRequest request) => MemoryMarshal.AsBytes(new ReadOnlySpan<TRequest>(in request));

    private TResponse ValueOf(in ServiceResponse response) => response.Length == Unsafe.SizeOf<TResponse>()
        ? MemoryMarshal.Read<TResponse>(response.Span)
        : throw ChannelErrors.Corrupt(_service, $"a response of {response.Length:N0} bytes was given, and all have {Unsafe.SizeOf<TResponse>():N0}");
}
