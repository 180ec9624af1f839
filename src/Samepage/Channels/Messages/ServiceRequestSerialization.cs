using System.Runtime.CompilerServices;

namespace Samepage.Channels;

/// <summary>Requests and responses of any types through a service of bytes, by a serializer for each: what a server does with a request.</summary>
public static class ServiceRequestSerialization
{
    /// <summary>Serves until the token is cancelled.</summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="server">Who serves.</param>
    /// <param name="handler">Answers each request. Its token is cancelled when nobody waits for the answer any more. What it throws, the client is told.</param>
    /// <param name="requests">As the requests were written with. What it cannot read fails, with its message.</param>
    /// <param name="responses">How the responses are written. One that is too long fails.</param>
    /// <param name="atOnce">How many may be handled at one time, all of which wait.</param>
    /// <param name="cancellationToken">Ends it; those that are being handled are waited for.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task RunAsync<TRequest, TResponse>(this ServiceServer server, Func<TRequest, CancellationToken, ValueTask<TResponse>> handler,
        IMessageSerializer<TRequest> requests, IMessageSerializer<TResponse> responses, int atOnce = 64, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(responses);
        return server.RunAsync(request => AnswerAsync(handler, request, requests, responses), atOnce, cancellationToken);
    }

    /// <summary>Serves until the token is cancelled, with as many responses to each request as the handler gives.</summary>
    /// <inheritdoc cref="RunAsync{TRequest, TResponse}(ServiceServer, Func{TRequest, CancellationToken, ValueTask{TResponse}}, IMessageSerializer{TRequest}, IMessageSerializer{TResponse}, int, CancellationToken)"/>
    public static Task RunAsync<TRequest, TResponse>(this ServiceServer server, Func<TRequest, CancellationToken, IAsyncEnumerable<TResponse>> handler,
        IMessageSerializer<TRequest> requests, IMessageSerializer<TResponse> responses, int atOnce = 64, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(responses);
        return server.RunAsync(request => StreamAsync(handler, request, requests, responses), atOnce, cancellationToken);
    }

    /// <summary>Reads the value that a request is.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="request">The request; it is still to be answered.</param>
    /// <param name="serializer">As it was written with.</param>
    /// <exception cref="InvalidOperationException">It was answered.</exception>
    public static T Read<T>(this ServiceRequest request, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        return serializer.Read(request.Span);
    }

    /// <summary>Answers with a value.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="response">The value.</param>
    /// <param name="serializer">How it is written.</param>
    /// <inheritdoc cref="ServiceRequest.Reply"/>
    public static bool Reply<T>(this ServiceRequest request, T response, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        MessageRoom room = MessageRoom.OfOwnMemory();
        try
        {
            serializer.Write(response, room);
            return request.Reply(room.Written);
        }
        finally
        {
            room.End();
        }
    }

    /// <summary>Gives a value as one of several responses, as soon as there is room.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="response">The value; written anew after each wait.</param>
    /// <param name="serializer">How it is written.</param>
    /// <inheritdoc cref="ServiceRequest.WriteAsync"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<bool> WriteAsync<T>(this ServiceRequest request, T response, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        while (!TryWrite(request, response, serializer, out int length))
        {
            if (!await request.WaitToWriteAsync(length).ConfigureAwait(false))
                return false;
        }
        return true;
    }

    /// <summary>Gives a value as one of several responses, if there is room.</summary>
    /// <inheritdoc cref="WriteAsync{T}(ServiceRequest, T, IMessageSerializer{T})"/>
    /// <returns>False: there is no room now, or nobody waits for it any more.</returns>
    public static bool TryWrite<T>(this ServiceRequest request, T response, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        return TryWrite(request, response, serializer, out _);
    }

    private static bool TryWrite<T>(ServiceRequest request, T response, IMessageSerializer<T> serializer, out int length)
    {
        MessageRoom room = MessageRoom.OfOwnMemory();
        try
        {
            serializer.Write(response, room);
            length = room.WrittenCount;
            return request.TryWrite(room.Written);
        }
        finally
        {
            room.End();
        }
    }

    private static async ValueTask AnswerAsync<TRequest, TResponse>(Func<TRequest, CancellationToken, ValueTask<TResponse>> handler, ServiceRequest request,
        IMessageSerializer<TRequest> requests, IMessageSerializer<TResponse> responses)
    {
        TResponse response = await handler(request.Read(requests), request.CancellationToken).ConfigureAwait(false);
        if (!request.IsStream)
            _ = request.Reply(response, responses);
        else if (await request.WriteAsync(response, responses).ConfigureAwait(false))
            _ = request.Complete();
    }

    private static async ValueTask StreamAsync<TRequest, TResponse>(Func<TRequest, CancellationToken, IAsyncEnumerable<TResponse>> handler, ServiceRequest request,
        IMessageSerializer<TRequest> requests, IMessageSerializer<TResponse> responses)
    {
        if (!request.IsStream)
            throw new InvalidOperationException("This service answers with a stream.");
        await foreach (TResponse response in handler(request.Read(requests), request.CancellationToken).ConfigureAwait(false))
        {
            if (!await request.WriteAsync(response, responses).ConfigureAwait(false))
                break;
        }
        _ = request.Complete();
    }
}
