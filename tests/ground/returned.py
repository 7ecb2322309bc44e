"""Mail as mail servers send it back, in the shapes of those that are met most; the words are ours."""

from textwrap import dedent

OURS = "<{uid}@visit.harbour.example>"


def _mail(head: str, parts: list[tuple[str, str]], kind: str = 'report; report-type="delivery-status"') -> bytes:
    mail = dedent(head).strip() + f'\nMIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="edge"\n\n'
    for content_type, body in parts:
        mail += f"--edge\nContent-Type: {content_type}\n\n{dedent(body).strip()}\n\n"
    return (mail + "--edge--\n").replace("\n", "\r\n").encode()


def _letter(uid: str, address: str) -> str:
    return f"From: Harbour Street Garage <desk@harbour.example>\nTo: {address}\nSubject: Thank you\nMessage-ID: {OURS.format(uid=uid)}\n"


def postfix(uid: str, address: str = "maria@mail.example", status: str = "5.1.1", action: str = "failed", serial: str = "1") -> bytes:
    """The whole letter comes back; what the other side said stands in the diagnostic code, folded."""
    return _mail(
        f"""
        Return-Path: <>
        From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
        To: bounces@example.com
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        Message-Id: <{serial}.A1B2C3@mx.example.com>
        """,
        [
            ("text/plain; charset=us-ascii", "Your letter could not be brought to one or more people. See the part below."),
            (
                "message/delivery-status",
                f"""
                Reporting-MTA: dns; mx.example.com
                X-Postfix-Queue-ID: A1B2C3
                Arrival-Date: Sun, 22 Nov 2026 10:00:00 -0600 (CST)

                Final-Recipient: rfc822; {address}
                Original-Recipient: rfc822;{address}
                Action: {action}
                Status: {status}
                Remote-MTA: dns; in.mail.example
                Diagnostic-Code: smtp; {status[0]}50 {status} <{address}>: Recipient address
                    rejected: no such person here
                """,
            ),
            ("message/rfc822", _letter(uid, address) + "\nDear Maria Lopez,\nthank you.\n"),
        ],
    )


def exim(uid: str, address: str = "maria@mail.example") -> bytes:
    """5.0.0 over everything, the telling status in the diagnostic code, and the letter's head alone."""
    return _mail(
        f"""
        Return-path: <>
        From: Mail Delivery System <Mailer-Daemon@out.example.com>
        To: desk@harbour.example
        X-Failed-Recipients: {address}
        Auto-Submitted: auto-replied
        Subject: Mail delivery failed: returning message to sender
        Message-Id: <E1uAbC-0001Xy-2z@out.example.com>
        """,
        [
            (
                "text/plain; charset=us-ascii",
                f"A letter that you sent could not be delivered:\n\n  {address}\n    host in.mail.example said no",
            ),
            (
                "message/delivery-status",
                f"""
                Reporting-MTA: dns; out.example.com

                Action: failed
                Final-Recipient: rfc822;{address}
                Status: 5.0.0
                Remote-MTA: dns; in.mail.example
                Diagnostic-Code: smtp; 550 5.2.1 the mailbox is switched off
                """,
            ),
            ("text/rfc822-headers", _letter(uid, address)),
        ],
    )


def exchange(uid: str, address: str = "maria@mail.example") -> bytes:
    """A page of HTML beside the words, no diagnostic code of SMTP, the mailbox full."""
    return _mail(
        """
        From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@mail.example>
        To: desk@harbour.example
        Subject: Undeliverable: Thank you
        Auto-Submitted: auto-generated
        Message-ID: <5f1c-exchange@mail.example>
        """,
        [
            ('multipart/alternative; boundary="inner"', "--inner\nContent-Type: text/html\n\n<p>The mailbox is full.</p>\n\n--inner--"),
            (
                "message/delivery-status",
                f"""
                Reporting-MTA: dns;mail.example
                X-Display-Name: Maria

                Final-Recipient: rfc822;{address}
                Action: failed
                Status: 5.2.2
                Diagnostic-Code: X-Microsoft-Exchange;The mailbox is full
                X-Display-Name: Maria Lopez
                """,
            ),
            ("message/rfc822", _letter(uid, address) + "\n"),
        ],
        kind="report; report-type=delivery-status",
    )


def gmail(uid: str, address: str = "maria@mail.example") -> bytes:
    """Words and a picture in a multipart of their own, links in the diagnostic code."""
    return _mail(
        """
        Return-Path: <>
        From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
        To: desk@harbour.example
        Auto-Submitted: auto-replied
        Subject: Delivery Status Notification (Failure)
        Message-ID: <66f0.050a0220.gmail@mx.google.com>
        """,
        [
            ('multipart/related; boundary="inner"', "--inner\nContent-Type: text/plain\n\nAddress not found\n\n--inner--"),
            (
                "message/delivery-status",
                f"""
                Reporting-MTA: dns; googlemail.com
                Received-From-MTA: dns; desk@harbour.example

                Final-Recipient: rfc822; {address}
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550-5.1.1 The account that you tried to reach does not exist.
                 550 5.1.1 See https://support.example/mail/?p=NoSuchUser
                """,
            ),
            ("message/rfc822", _letter(uid, address) + "\n"),
        ],
        kind="report; report-type=delivery-status",
    )


def qmail(uid: str, address: str = "maria@mail.example") -> bytes:
    """One text for people, and nothing in it that a standard describes."""
    return (
        dedent(f"""\
        Return-Path: <>
        From: MAILER-DAEMON@old.example
        To: desk@harbour.example
        Subject: failure notice
        Message-ID: <qmail-1@old.example>

        Hi. This is the mail program at old.example. I was not able to bring your letter there; I have given up.

        <{address}>:
        Sorry, no mailbox here by that name.

        --- Below this line is a copy of the message.

        """).encode()
        + _letter(uid, address).encode()
    )


def complaint(uid: str, address: str = "maria@mail.example", kind: str = "abuse") -> bytes:
    """A feedback loop of RFC 5965."""
    return _mail(
        """
        From: <feedback@mail.example>
        To: bounces@example.com
        Subject: complaint
        Message-ID: <arf-1@mail.example>
        """,
        [
            ("text/plain", "Somebody marked this as unwanted."),
            ("message/feedback-report", f"Feedback-Type: {kind}\nUser-Agent: Loop/1.0\nVersion: 1\nOriginal-Rcpt-To: <{address}>"),
            ("message/rfc822", _letter(uid, address) + "\n"),
        ],
        kind='report; report-type="feedback-report"',
    )


def answer() -> bytes:
    """A person's; it is none of our business."""
    return (
        b"From: Maria <maria@mail.example>\r\nTo: desk@harbour.example\r\nSubject: Re: Thank you\r\nMessage-ID: <a@b>\r\n\r\nYou too!\r\n"
    )
