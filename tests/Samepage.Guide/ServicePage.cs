using System.Runtime.CompilerServices;
using Samepage.Channels;

namespace Samepage.Guide;

#region service-structs
internal struct Question { public int Instrument; }
internal struct Answer { public int Instrument; public double Price; }
#endregion

public sealed class ServicePage : Page
{
    [Fact]
    public async Task Quotes()
    {
        CancellationToken stop = Token;
        Task serving = ServeAsync(stop);
        await AskAsync();
        End();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Equal(["0.5", "2 of 2"], Shown);
    }

    private static async Task ServeAsync(CancellationToken stop)
    {
        #region service-serve
        using Service<Question, Answer> quotes = Service<Question, Answer>.CreateOrOpen("quotes");
        using ServiceServer<Question, Answer> server = quotes.Serve();     // any number of them, in any processes
        await server.RunAsync(async (question, token) => await LookUpAsync(question, token), cancellationToken: stop);
        #endregion
    }

    private async Task AskAsync()
    {
        Question question = new() { Instrument = 1 };
        Question[] questions = [question, question];
        #region service-call
        using Service<Question, Answer> quotes = Service<Question, Answer>.CreateOrOpen("quotes");
        using ServiceClient<Question, Answer> client = quotes.CreateClient();
        if (client.Call(question, out Answer answer, TimeSpan.FromSeconds(5)))                     // false: the time is up, and the server was told
            ShowAnswer(answer);
        Answer[] all = await Task.WhenAll(questions.Select(q => client.CallAsync(q, TimeSpan.FromSeconds(5)).AsTask()));
        #endregion
        Show($"{all.Count(a => a.Price == 0.5)} of {all.Length}");
    }

    [Fact]
    public async Task A_stream()
    {
        CancellationToken stop = Token;
        using Service<Question, Answer> history = Service<Question, Answer>.CreateOrOpen("history");
        using ServiceServer<Question, Answer> server = history.Serve();
        #region service-stream-serve
        Task serving = server.RunAsync(PricesOf, cancellationToken: stop);

        static async IAsyncEnumerable<Answer> PricesOf(Question question, [EnumeratorCancellation] CancellationToken token)
        {
            for (int day = 0; day < 3; day++)
                yield return await LookUpAsync(question, token);
        }
        #endregion
        using ServiceClient<Question, Answer> client = history.CreateClient();
        Question question = default;
        #region service-stream
        await foreach (Answer part in client.StreamAsync(question))
            ShowAnswer(part);
        #endregion
        End();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Equal(["0.5", "0.5", "0.5"], Shown);
    }

    [Fact]
    public async Task By_hand_and_in_place()
    {
        using Service service = Service.Create("echo", new ServiceOptions { LongestRequest = 1 << 16, ResponseRoom = 1 << 17 });
        using ServiceServer server = service.Serve();
        using ServiceClient client = service.CreateClient();
        Task answering = Task.Run(() => AnswerByHand(server));
        #region service-bytes
        using (ServiceResponse response = await client.CallAsync("hello"u8, TimeSpan.FromSeconds(5)))
            Show(response.Span);                                   // in place; counts as a call until it is disposed
        #endregion
        await answering;
        Assert.Equal(["hello"], Shown);
    }

    private static void AnswerByHand(ServiceServer server)
    {
        #region service-take
        if (server.TryTake(TimeSpan.FromSeconds(5), out ServiceRequest request))
        {
            if (request.Length == 0)
                request.Fail("There was no question.");            // the caller's exception, with this message
            else if (!request.Reply(request.Span))
                Console.WriteLine("nobody waits for it any more");
        }
        #endregion
    }

    [Fact]
    public async Task What_can_go_wrong()
    {
        CancellationToken token = Token;
        using Service<Question, Answer> quotes = Service<Question, Answer>.Create("failing quotes");
        using ServiceServer<Question, Answer> server = quotes.Serve();
        using ServiceClient<Question, Answer> client = quotes.CreateClient();
        Task serving = server.RunAsync(static (Question question, CancellationToken token) => Refuse(), cancellationToken: token);
        Question question = default;
        TimeSpan time = TimeSpan.FromSeconds(5);
        #region service-errors
        try
        {
            ShowAnswer(await client.CallAsync(question, time, retryOnDeath: true, token));
        }
        catch (TimeoutException) { Show("not in time; the server's token was cancelled"); }
        catch (SharedObjectException e) when (e.Reason == FailureReason.CallFailed) { Show(e.Message); }
        #endregion
        End();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Equal(["no such instrument"], Shown);
    }

    private static ValueTask<Answer> Refuse() => throw new InvalidOperationException("no such instrument");

    private static async ValueTask<Answer> LookUpAsync(Question question, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        await Task.Yield();
        return new Answer { Instrument = question.Instrument, Price = 0.5 };
    }

    private void ShowAnswer(Answer answer) => Show(answer.Price);
}
