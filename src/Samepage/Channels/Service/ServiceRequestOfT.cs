using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Samepage.Channels;

/// <summary>A request that a server of structs has, until it is answered: as <see cref="ServiceRequest"/>, with a copy of what was asked.</summary>
/// <typeparam name="TRequest">What was asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
/// <remarks>As of <see cref="ServiceRequest"/>.</remarks>
public readonly struct ServiceRequest<TRequest, TResponse> : IEquatable<ServiceRequest<TRequest, TResponse>>
    where TRequest : unmanaged
    where TResponse : unmanaged
{
    private readonly ServiceRequest _request;

    internal ServiceRequest(ServiceRequest request, TRequest value)
    {
        _request = request;
        Value = value;
    }

    /// <summary>What was asked.</summary>
    public TRequest Value { get; }

    /// <inheritdoc cref="ServiceRequest.IsStream"/>
    public bool IsStream => _request.IsStream;

    /// <inheritdoc cref="ServiceRequest.IsCancelled"/>
    public bool IsCancelled => _request.IsCancelled;

    /// <inheritdoc cref="ServiceRequest.TraceContext"/>
    public ActivityContext TraceContext => _request.TraceContext;

    /// <inheritdoc cref="ServiceRequest.Activity"/>
    public Activity? Activity => _request.Activity;

    /// <inheritdoc cref="ServiceRequest.CancellationToken"/>
    public CancellationToken CancellationToken => _request.CancellationToken;

    /// <inheritdoc cref="ServiceRequest.Reply"/>
    public bool Reply(in TResponse response) => _request.Reply(BytesOf(in response));

    /// <inheritdoc cref="ServiceRequest.TryWrite"/>
    public bool TryWrite(in TResponse response) => _request.TryWrite(BytesOf(in response));

    /// <inheritdoc cref="ServiceRequest.WriteAsync"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WriteAsync(TResponse response)
    {
        ServiceRequest request = _request;
        while (!request.TryWrite(BytesOf(in response)))
        {
            if (!await request.WaitToWriteAsync(Unsafe.SizeOf<TResponse>()).ConfigureAwait(false))
                return false;
        }
        return true;
    }

    /// <inheritdoc cref="ServiceRequest.Complete"/>
    public bool Complete() => _request.Complete();

    /// <inheritdoc cref="ServiceRequest.Fail"/>
    public bool Fail(string why) => _request.Fail(why);

    /// <summary>True for the same request.</summary>
    public bool Equals(ServiceRequest<TRequest, TResponse> other) => _request == other._request;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ServiceRequest<TRequest, TResponse> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _request.GetHashCode();

    /// <summary>True for the same request.</summary>
    public static bool operator ==(ServiceRequest<TRequest, TResponse> left, ServiceRequest<TRequest, TResponse> right) => left.Equals(right);

    /// <summary>False for the same request.</summary>
    public static bool operator !=(ServiceRequest<TRequest, TResponse> left, ServiceRequest<TRequest, TResponse> right) => !left.Equals(right);

    private static ReadOnlySpan<byte> BytesOf(in TResponse response) => MemoryMarshal.AsBytes(new ReadOnlySpan<TResponse>(in response));
}
