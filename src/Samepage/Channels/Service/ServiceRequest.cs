using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Samepage.Channels;

/// <summary>A request that a server has, in place in shared memory, until it is answered. It may be answered on any thread, and in any order.</summary>
/// <remarks>
/// Each way of answering says false when nobody waits for it any more: the client cancelled it, its time has run out, or its process died. One that is
/// never answered keeps its client waiting.
/// </remarks>
public readonly struct ServiceRequest : IEquatable<ServiceRequest>
{
    private readonly HeldCall _call;
    private readonly uint _generation;

    internal ServiceRequest(HeldCall call)
    {
        _call = call;
        _generation = call.Generation;
    }

    /// <summary>Its bytes, where they lie in shared memory. The span must not be used after the request was answered.</summary>
    /// <exception cref="InvalidOperationException">It was answered.</exception>
    public ReadOnlySpan<byte> Span => Call.SpanOf(_generation);

    /// <summary>In bytes.</summary>
    public int Length => Call.Length;

    /// <summary>The client reads several responses: <see cref="TryWrite"/> and <see cref="Complete"/>. Otherwise one: <see cref="Reply"/>.</summary>
    public bool IsStream => Call.IsStream;

    /// <summary>Nobody waits for it any more. It is to be answered all the same, by anything: only then its place is free.</summary>
    public bool IsCancelled => Call.IsCancelled(_generation);

    /// <summary>Cancelled as soon as nobody waits for it any more; of no use after it was answered.</summary>
    /// <exception cref="InvalidOperationException">It was answered.</exception>
    public CancellationToken CancellationToken => Call.TokenOf(_generation);

    /// <summary>What its client was doing when it asked; default when it said nothing.</summary>
    /// <exception cref="InvalidOperationException">It was answered.</exception>
    public ActivityContext TraceContext => Call.ContextOf(_generation);

    /// <summary>
    /// That this request is being served, from its being taken to its being answered; null when nobody listens. It is the current one in what
    /// <see cref="ServiceServer.RunAsync"/> calls; whoever takes requests makes it so, if it is to be.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was answered.</exception>
    public Activity? Activity => Call.ActivityOf(_generation);

    /// <summary>Answers.</summary>
    /// <param name="response">A copy is made.</param>
    /// <returns>False: nobody waits for it any more.</returns>
    /// <exception cref="ArgumentException">It is longer than the service takes.</exception>
    /// <exception cref="InvalidOperationException">It was answered, or the client asked for several responses.</exception>
    public bool Reply(ReadOnlySpan<byte> response) => Call.Reply(_generation, response);

    /// <summary>Gives one of several responses, if there is room.</summary>
    /// <param name="response">A copy is made.</param>
    /// <returns>False: there is no room now, or nobody waits for it any more.</returns>
    /// <inheritdoc cref="Reply"/>
    /// <exception cref="InvalidOperationException">It was answered, or the client asked for one response.</exception>
    public bool TryWrite(ReadOnlySpan<byte> response) => Call.TryWrite(_generation, response);

    /// <summary>Gives one of several responses, as soon as there is room.</summary>
    /// <param name="response">A copy is made.</param>
    /// <returns>False: nobody waits for it any more.</returns>
    /// <inheritdoc cref="TryWrite"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> response)
    {
        while (!TryWrite(response.Span))
        {
            if (!await WaitToWriteAsync(response.Length).ConfigureAwait(false))
                return false;
        }
        return true;
    }

    /// <summary>Waits until there may be room for a response. False: nobody waits for it any more.</summary>
    internal async ValueTask<bool> WaitToWriteAsync(int length)
    {
        if (IsCancelled)
            return false;
        await Call.WaitForRoomAsync(_generation, length).ConfigureAwait(false);
        return !IsCancelled;
    }

    /// <summary>There are no more responses.</summary>
    /// <returns>False: nobody waits for it any more.</returns>
    /// <exception cref="InvalidOperationException">It was answered, or the client asked for one response.</exception>
    public bool Complete() => Call.Complete(_generation);

    /// <summary>It cannot be answered: the client gets <see cref="FailureReason.CallFailed"/>.</summary>
    /// <param name="why">The message; of its UTF-8 form 192 bytes at most.</param>
    /// <returns>False: nobody waits for it any more.</returns>
    /// <exception cref="InvalidOperationException">It was answered.</exception>
    public bool Fail(string why)
    {
        ArgumentNullException.ThrowIfNull(why);
        return Call.Fail(_generation, why);
    }

    /// <summary>It was answered, or its server was disposed.</summary>
    internal bool IsOver => Call.Generation != _generation;

    private HeldCall Call => _call ?? throw new InvalidOperationException("This is no request: none was taken.");

    /// <summary>True for the same request.</summary>
    public bool Equals(ServiceRequest other) => _call == other._call && _generation == other._generation;

    /// <inheritdoc cref="Equals(ServiceRequest)"/>
    public override bool Equals(object? obj) => obj is ServiceRequest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_call, _generation);

    /// <summary>True for the same request.</summary>
    public static bool operator ==(ServiceRequest left, ServiceRequest right) => left.Equals(right);

    /// <summary>False for the same request.</summary>
    public static bool operator !=(ServiceRequest left, ServiceRequest right) => !left.Equals(right);
}
