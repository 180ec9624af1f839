using System.Runtime.CompilerServices;

namespace Samepage.Channels;

/// <summary>Requests and responses of any types through a service of bytes, by a serializer for each: what a client calls with, and what it has of the answers.</summary>
public static class ServiceSerialization
{
    /// <summary>Calls, and waits for the response.</summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="client">Who calls.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="requests">How it is written.</param>
    /// <param name="response">The answer.</param>
    /// <param name="responses">As it was written with.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave: it may then be done twice.</param>
    /// <param name="cancellationToken">Ends the call; the server is told.</param>
    /// <inheritdoc cref="ServiceClient.Call"/>
    public static bool Call<TRequest, TResponse>(this ServiceClient client, TRequest request, IMessageSerializer<TRequest> requests,
        out TResponse? response, IMessageSerializer<TResponse> responses, TimeSpan timeout, bool retryOnDeath = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(responses);
        MessageRoom room = MessageRoom.OfOwnMemory();
        ServiceResponse answer;
        try
        {
            requests.Write(request, room);
            if (!client.Call(room.Written, out answer, timeout, retryOnDeath, cancellationToken))
            {
                response = default;
                return false;
            }
        }
        finally
        {
            room.End();
        }
        using (answer)
            response = responses.Read(answer.Span);
        return true;
    }

    /// <summary>Calls, without a thread that waits for the response.</summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="client">Who calls.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="requests">How it is written.</param>
    /// <param name="responses">As the answer was written with.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave: it may then be done twice.</param>
    /// <param name="cancellationToken">Ends the call; the server is told.</param>
    /// <returns>The answer.</returns>
    /// <inheritdoc cref="ServiceClient.CallAsync"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<TResponse> CallAsync<TRequest, TResponse>(this ServiceClient client, TRequest request, IMessageSerializer<TRequest> requests,
        IMessageSerializer<TResponse> responses, TimeSpan timeout, bool retryOnDeath = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(responses);
        using ServiceResponse answer = await Ask(client, request, requests, timeout, retryOnDeath, cancellationToken).ConfigureAwait(false);
        return responses.Read(answer.Span);
    }

    /// <summary>Calls, and reads as many responses as the server gives, as they come.</summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="client">Who calls.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="requests">How it is written.</param>
    /// <param name="responses">As the answers were written with.</param>
    /// <param name="timeout">For all of it. As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave before its first response was read.</param>
    /// <param name="cancellationToken">Ends the call; the server is told, as it is when no more responses are asked for.</param>
    /// <inheritdoc cref="ServiceClient.StreamAsync"/>
    public static async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(this ServiceClient client, TRequest request, IMessageSerializer<TRequest> requests,
        IMessageSerializer<TResponse> responses, TimeSpan timeout, bool retryOnDeath = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(responses);
        byte[] asked = BytesOf(request, requests);
        await foreach (ServiceResponse answer in client.StreamAsync(asked, timeout, retryOnDeath, cancellationToken).ConfigureAwait(false))
            yield return responses.Read(answer.Span);
    }

    /// <summary>Reads the value that a response is.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="response">The response; it is still to be disposed.</param>
    /// <param name="serializer">As it was written with.</param>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public static T Read<T>(this ServiceResponse response, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        return serializer.Read(response.Span);
    }

    private static byte[] BytesOf<T>(T value, IMessageSerializer<T> serializer)
    {
        MessageRoom room = MessageRoom.OfOwnMemory();
        try
        {
            serializer.Write(value, room);
            return room.Written.ToArray();
        }
        finally
        {
            room.End();
        }
    }

    private static ValueTask<ServiceResponse> Ask<T>(ServiceClient client, T request, IMessageSerializer<T> serializer, TimeSpan timeout, bool retryOnDeath, CancellationToken token)
    {
        MessageRoom room = MessageRoom.OfOwnMemory();
        try
        {
            serializer.Write(request, room);
            return client.CallAsync(room.Written, timeout, retryOnDeath, token);
        }
        finally
        {
            room.End();
        }
    }
}
