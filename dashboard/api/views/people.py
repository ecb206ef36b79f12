"""Who asks, and the teams."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from dashboard import access, models
from dashboard.api.operations import ProgramRequest, operation
from dashboard.api.parameters import TeamId
from dashboard.api.values import Id

TAG = "People"

Role = Annotated[Literal["viewer", "editor", "manager"], Field(examples=["editor"])]
UserName = Annotated[str, Field(examples=["alice"])]


class TokenState(BaseModel):
    """The token that asks. `credentials` is null for all of its person's, `digits` what its numbers begin with."""

    name: Annotated[str, Field(examples=["deployment"])]
    scope: Annotated[Literal["read", "write"], Field(examples=["write"])]
    credentials: Annotated[list[int] | None, Field(examples=[None])]
    digits: Annotated[list[str], Field(description="None for all numbers.", examples=[["44"]])]
    expires_at: datetime


class Me(BaseModel):
    """For whom this token acts, and how far."""

    person: UserName
    token: TokenState


class Member(BaseModel):
    """A person in a team."""

    person: UserName
    role: Role


class SharedCredential(BaseModel):
    """A credential in a team; a member may do with it what both roles allow."""

    credential: Id
    role: Role


class Team(BaseModel):
    """People who work together. `role` is one's own."""

    id: Id
    name: Annotated[str, Field(examples=["Support"])]
    role: Role
    members: list[Member]
    credentials: list[SharedCredential]

    @classmethod
    def of(cls, person: models.User, team: models.Team) -> "Team":
        """A team with its members, and the credentials in it that the person and the token reach."""
        return cls(
            id=team.pk,
            name=team.name,
            role=team.role,  # type: ignore[arg-type]  # its choices
            members=[
                Member(person=each.user.username, role=each.role)  # type: ignore[arg-type]  # the same
                for each in team.memberships.select_related("user")
            ],
            credentials=[
                SharedCredential(credential=each.credential_id, role=each.role)  # type: ignore[arg-type]  # the same
                for each in access.shares(person).filter(team=team)
            ],
        )


class Teams(BaseModel):
    """The teams of a person."""

    teams: list[Team]


@operation("GET", "/me", Me, tag=TAG)
def me(request: ProgramRequest) -> Me:
    """For whom this token acts, and how far."""
    token = request.user.token
    assert token is not None  # noqa: S101 -- there is no other way in
    some = None if token.every_credential else list(token.some_credentials.values_list("pk", flat=True))
    return Me(
        person=request.user.username,
        token=TokenState(
            name=token.name,
            scope=token.scope,  # type: ignore[arg-type]  # its choices
            credentials=some,
            digits=list(token.beginnings),
            expires_at=token.expires_at,
        ),
    )


@operation("GET", "/teams", Teams, tag=TAG)
def team_list(request: ProgramRequest) -> Teams:
    """The teams that the person is in."""
    return Teams(teams=[Team.of(request.user, team) for team in access.teams(request.user)])


@operation("GET", "/teams/{int:team}", Team, tag=TAG)
def team_detail(request: ProgramRequest, team: TeamId) -> Team:
    """One team."""
    return Team.of(request.user, access.team(request.user, team, access.SEE))
