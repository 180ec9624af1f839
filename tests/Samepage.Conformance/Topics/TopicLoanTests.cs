using Samepage.Channels;

namespace Samepage.Conformance.Topics;

/// <summary>Messages written and read in place, and those that come together.</summary>
public sealed class TopicLoanTests
{
    [Fact]
    public void A_loan_is_a_message_when_it_is_published()
    {
        using Topic topic = Topic.Create(Expect.NewName());
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Assert.True(publisher.TryLoan(16, out TopicLoan loan));
        BitConverter.TryWriteBytes(loan.Span, 5L);
        Assert.False(subscriber.TryRead(out _));
        loan.Publish(7);
        Assert.True(subscriber.TryRead(out TopicMessage message));
        Assert.Equal((16, 7u, 5), (message.Length, message.Kind, BitConverter.ToInt64(message.Span)));
        Assert.True(publisher.TryLoan(1_000, out TopicLoan shortened));
        BitConverter.TryWriteBytes(shortened.Span, 6L);
        ThrowsArgument(shortened, 1_001);
        ThrowsArgument(shortened, -1);
        shortened.Publish(8, 0);
        Assert.Equal([6], Numbers.ReadAll(subscriber));
    }

    [Fact]
    public void A_loan_that_ended_publishes_nothing()
    {
        using Topic topic = Topic.Create(Expect.NewName());
        using TopicSubscriber subscriber = topic.Subscribe();
        TopicPublisher publisher = topic.CreatePublisher();
        Assert.True(publisher.TryLoan(16, out TopicLoan abandoned));
        abandoned.Dispose();
        ThrowsEnded(abandoned);
        Assert.True(publisher.TryLoan(16, out TopicLoan replaced));
        Assert.True(publisher.TryLoan(8, out TopicLoan loan));
        ThrowsEnded(replaced);
        replaced.Dispose();
        loan.Publish();
        ThrowsEnded(loan);
        Assert.True(publisher.TryLoan(16, out TopicLoan overtaken));
        Numbers.Publish(publisher, 3);
        ThrowsEnded(overtaken);
        overtaken.Dispose();
        default(TopicLoan).Dispose();
        Assert.Equal(2, Numbers.ReadAll(subscriber).Length);
        Assert.True(publisher.TryLoan(16, out TopicLoan outlived));
        publisher.Dispose();
        ThrowsEnded(outlived);
        outlived.Dispose();
        Assert.Empty(Numbers.ReadAll(subscriber));
    }

    [Fact]
    public void A_lease_ends_with_the_next_message_or_before()
    {
        using Topic topic = Topic.Create(Expect.NewName());
        TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Numbers.Publish(publisher, 1, 2, 3, 4);
        Assert.True(subscriber.TryRead(out TopicMessage first));
        TopicMessage same = first;
        Assert.True(first == same && first.Equals((object)same) && first.GetHashCode() == same.GetHashCode());
        Assert.True(subscriber.TryRead(out TopicMessage second));
        Assert.True(first != second);
        Assert.Throws<ObjectDisposedException>(() => first.Span.Length);
        first.Dispose();
        Assert.Equal(2, BitConverter.ToInt64(second.Span));
        second.Dispose();
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => second.Span.Length);
        Assert.True(subscriber.TryRead(out TopicMessage third));
        Assert.Equal(3, BitConverter.ToInt64(third.Span));
        subscriber.Dispose();
        Assert.Throws<ObjectDisposedException>(() => third.Span.Length);
        third.Dispose();
        default(TopicMessage).Dispose();
        Assert.Throws<ObjectDisposedException>(() => default(TopicMessage).Span.Length);
    }

    [Fact]
    public void A_batch_comes_into_view_at_once()
    {
        using Topic topic = Topic.Create(Expect.NewName());
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        using (publisher.BeginBatch())
        {
            Assert.Throws<InvalidOperationException>(() => publisher.BeginBatch().Dispose());
            for (int i = 0; i < 100; i++)
                Numbers.Publish(publisher, i);
            Assert.False(subscriber.TryRead(out _));
        }
        Assert.Equal(Enumerable.Range(0, 100).Select(n => (long)n), Numbers.ReadAll(subscriber));
        using (publisher.BeginBatch())
        {
        }
        Assert.Empty(Numbers.ReadAll(subscriber));
        TopicPublisher.Batch batch = publisher.BeginBatch();
        Numbers.Publish(publisher, 1, 2);
        publisher.Dispose();
        batch.Dispose();
        Assert.Equal([1, 2], Numbers.ReadAll(subscriber));
    }

    [Fact]
    public void A_batch_larger_than_the_topic_comes_in_parts()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        const int Count = 3_000;
        Task<bool> published = Expect.Begin(() =>
        {
            using (publisher.BeginBatch())
            {
                var message = new byte[200];
                for (long i = 0; i < Count; i++)
                {
                    BitConverter.TryWriteBytes(message, i);
                    publisher.Publish(message);
                }
            }
            return true;
        });
        for (long i = 0; i < Count; i++)
        {
            using TopicMessage message = subscriber.Read(TestContext.Current.CancellationToken);
            Assert.Equal(i, BitConverter.ToInt64(message.Span));
        }
        Assert.True(Expect.Result(published));
    }

    private static void ThrowsEnded(TopicLoan loan)
    {
        try
        {
            loan.Publish();
        }
        catch (InvalidOperationException)
        {
            return;
        }
        Assert.Fail("An ended loan was published.");
    }

    private static void ThrowsArgument(TopicLoan loan, int length)
    {
        try
        {
            loan.Publish(length, 0);
        }
        catch (ArgumentOutOfRangeException)
        {
            return;
        }
        Assert.Fail("More was published than was lent.");
    }
}
